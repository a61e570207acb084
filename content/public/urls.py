from django.urls import include, path, register_converter

from content import languages
from content.public import pictures, views

register_converter(languages.OtherLanguage, "language")

in_every_language = [
    path("", views.index, name="index"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("articles/<slug:slug>/history/", views.article_history, name="article-history"),
    path("articles/<slug:slug>/snapshot.json", views.article_snapshot, name="article-snapshot"),
]

urlpatterns = [
    *in_every_language,
    path("<language:language>/", include(in_every_language)),
    path("pictures/<slug:digest>.<slug:ending>", pictures.picture, name="picture"),
    path("content-usage/", views.usage_policy, name="usage-policy"),
    path("healthz", views.healthz, name="healthz"),
]
