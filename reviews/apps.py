from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = "Reviews"

    def ready(self) -> None:
        from reviews import initial_data

        post_migrate.connect(
            initial_data.ship_after_migrate, sender=self, dispatch_uid="reviews.initial_data"
        )
