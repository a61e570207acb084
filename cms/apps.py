from django.contrib.admin.apps import AdminConfig


class ImprimaturAdminConfig(AdminConfig):
    default_site = "cms.site.ImprimaturAdminSite"
