from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate, pre_migrate


class EvidenceConfig(AppConfig):
    name = "evidence"
    verbose_name = "Evidence"

    def ready(self) -> None:
        from evidence import trigger_checks, triggers

        # No sender: a table of any app may have been rebuilt, and a rebuild drops its triggers silently.
        pre_migrate.connect(triggers.let_go_before_migrate, dispatch_uid="evidence.agreements")
        post_migrate.connect(triggers.install_after_migrate, dispatch_uid="evidence.triggers")
        checks.register(checks.Tags.database, deploy=True)(trigger_checks.evidence_is_guarded)
        checks.register(checks.Tags.models)(trigger_checks.trails_are_frozen)
