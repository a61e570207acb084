from django.urls import path

from content.public import views

urlpatterns = [
    path("", views.index, name="index"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("articles/<slug:slug>/history/", views.article_history, name="article-history"),
    path("articles/<slug:slug>/snapshot.json", views.article_snapshot, name="article-snapshot"),
    path("content-usage/", views.usage_policy, name="usage-policy"),
    path("healthz", views.healthz, name="healthz"),
]
