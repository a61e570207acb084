from django.urls import path

from reviews.views import decisions, drafts, editions, exporting, publishing, translations

urlpatterns = [
    path("articles/<int:pk>/readiness/", drafts.readiness, name="article-readiness"),
    path("articles/<int:pk>/preview/", drafts.preview, name="article-preview"),
    path("articles/<int:pk>/hand-in/", drafts.submit, name="article-submit"),
    path("articles/<int:pk>/translate/", translations.translate, name="article-translate"),
    path("articles/<int:pk>/source/", translations.source, name="article-source"),
    path("articles/<int:pk>/source/follow/", translations.follow, name="article-follow-source"),
    path("editions/<int:pk>/", editions.edition, name="edition"),
    path("editions/<int:pk>/page/", publishing.as_public, name="edition-as-public"),
    path("editions/<int:pk>/paper.docx", exporting.edition_file, {"form": "docx"}, name="edition-docx"),
    path("editions/<int:pk>/paper.html", exporting.edition_file, {"form": "html"}, name="edition-html"),
    path("editions/<int:pk>/since/<int:since_pk>/", editions.difference, name="edition-difference"),
    path("editions/<int:pk>/sign/<slug:kind>/", editions.sign, name="edition-sign"),
    path("editions/<int:pk>/rule-minor/<slug:kind>/", decisions.rule, name="edition-rule"),
    path("signoffs/<int:pk>/withdraw/", decisions.withdraw_signoff, name="signoff-withdraw"),
    path("rulings/<int:pk>/withdraw/", decisions.withdraw_ruling, name="ruling-withdraw"),
    path("editions/<int:pk>/take-back/", editions.take_back, name="edition-take-back"),
    path("editions/<int:pk>/ask/<slug:kind>/", editions.assign, name="edition-assign"),
    path(
        "editions/<int:pk>/ask/<slug:kind>/<slug:organisation>/", editions.assign, name="edition-assign-for"
    ),
    path("editions/<int:pk>/publish/", publishing.publish, name="edition-publish"),
    path("publications/<int:pk>/", publishing.publication, name="publication"),
    path("publications/<int:pk>/withdraw/", publishing.withdraw, name="publication-withdraw"),
]
