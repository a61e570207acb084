from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from accounts.models import User
from evidence.admin import AuditedAdmin


@admin.register(User)
class PersonAdmin(AuditedAdmin, UserAdmin):
    """People are made inactive, never deleted: what they signed names them."""

    readonly_fields = ("last_login", "date_joined")
    # The two-column chooser that comes with the admin cannot be used with a screen reader.
    filter_horizontal = ()
    list_display = ("username", "printed_name", "credentials", "organisation", "is_active")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("As printed", {"fields": ("printed_name", "credentials", "organisation")}),
        ("Contact", {"fields": ("email",)}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "usable_password", "password1", "password2")}),
        ("As printed", {"fields": ("printed_name", "credentials", "organisation")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """Sign-off kinds name groups, so none is deleted; who joins or leaves one is in the person's audit trail."""

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
