from django.contrib import admin
from django.urls import include, path

handler500 = "cms.failing.failed"

urlpatterns = [
    # Ours first: the admin's last pattern answers for everything below /admin/.
    path("admin/", include("reviews.urls")),
    path("admin/", admin.site.urls),
    path("", include("content.public.urls")),
]
