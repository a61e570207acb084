from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ContentConfig(AppConfig):
    name = "content"
    verbose_name = "Content"

    def ready(self) -> None:
        from content import initial_data
        from content.drafts import revisions  # noqa: F401  registers the draft with reversion

        post_migrate.connect(
            initial_data.ship_after_migrate, sender=self, dispatch_uid="content.initial_data"
        )
