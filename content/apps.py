from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class ContentConfig(AppConfig):
    name = "content"
    verbose_name = "Content"

    def ready(self) -> None:
        from content import guard, revisions, shipped, triggers  # noqa: F401  registers the draft with reversion

        # No sender: a table of any app may have been rebuilt, and a rebuild drops its triggers silently.
        post_migrate.connect(triggers.install_after_migrate, dispatch_uid="content.triggers")
        post_migrate.connect(shipped.ship_after_migrate, sender=self, dispatch_uid="content.shipped")
        checks.register(checks.Tags.database, deploy=True)(guard.evidence_is_guarded)
        checks.register(checks.Tags.models)(guard.trails_are_frozen)
