"""Columns that must agree with a row that they point at: what no CHECK constraint can see."""

from typing import Any, NamedTuple

from django.apps import apps
from django.db import models


class Agreement(NamedTuple):
    """`name` is the sentence it keeps, `holds` the SQL condition on NEW that must be true when a row is written.

    A model lists its own as `agreements`; evidence/triggers.py makes triggers of them, for SQLite and PostgreSQL alike.
    """

    name: str
    holds: str


def models_with_agreements() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if agreements_of(model)]


def agreements_of(model: type[models.Model]) -> tuple[Agreement, ...]:
    found: Any = vars(model).get("agreements", ())
    return tuple(found)
