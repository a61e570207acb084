from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "People"


class ImprimaturAdminConfig(AdminConfig):
    default_site = "cms.site.ImprimaturAdminSite"
