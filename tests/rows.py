"""One row of any table, with whatever it needs; nobody wrote it by a verb, so the ledger knows nothing of it."""

import itertools
import uuid
from datetime import date, timedelta

from django.db import models
from django.utils import timezone

from content.models import Edition
from content.models.editions import OF_ITS_EDITION
from evidence.agreements import agreements_of
from reviews.models import Decision, DecisionWithdrawal, Overruling, Scope, Signoff

numbers = itertools.count(1000)


def needs_of(model, values):
    """What a row needs beside the columns that may not be empty."""
    if model is DecisionWithdrawal and not values.keys() & {"signoff", "ruling", "reference_ruling"}:
        return {"signoff": a_row_of(Signoff)}
    if model is Signoff:
        scope = {"scope": Scope.CHANGES_ONLY} if "since_edition" in values else {}
        return {"decision": values.get("decision", Decision.REQUEST_CHANGES), **scope}
    if model is Overruling:
        own = {"edition": values["edition"]} if "edition" in values else {}
        objection = values.get("objection") or a_row_of(Signoff, **own)
        return {"objection": objection, "edition": objection.edition}
    if OF_ITS_EDITION in agreements_of(model):
        own = {"article": values["article"]} if "article" in values else {}
        edition = values.get("edition") or a_row_of(Edition, **own)
        return {"edition": edition, "article": values.get("article", edition.article)}
    return {}


def a_row_of(model, **values):
    values |= needs_of(model, values)
    for field in model._meta.concrete_fields:
        if field.name not in values and not (
            field.null or field.has_default() or isinstance(field, models.AutoField)
        ):
            values[field.name] = a_value_of(field)
    return model._base_manager.create(**values)


def a_value_of(field):
    """A value the column takes; another one at each call, where it has more than one."""
    if field.remote_field:
        return a_row_of(field.related_model)
    if field.choices:
        return "" if field.blank else field.choices[0][0]
    kinds = [
        (models.JSONField, lambda: {"number": next(numbers)}),
        (models.DateTimeField, timezone.now),
        (models.DateField, lambda: date(2020, 1, 1) + timedelta(days=next(numbers))),
        (models.BooleanField, lambda: False),
        (models.IntegerField, lambda: next(numbers)),
        (models.UUIDField, uuid.uuid4),
    ]
    text = f"text{next(numbers)}.example"[: field.max_length]
    return next((value() for kind, value in kinds if isinstance(field, kind)), text)


def a_change_of(model):
    """A column that no row of this model may change, and a new value for it."""
    field = next(
        field
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.remote_field or field.choices or field.name in model.settable_once)
    )
    return field, a_value_of(field)


def an_ending_of(model):
    return {name: a_value_of(model._meta.get_field(name)) for name in model.settable_once}


def another_value(row, field):
    if field.primary_key:
        return row.pk + 1_000_000
    if isinstance(field, models.BooleanField):
        return not getattr(row, field.name)
    if field.choices:
        return next(value for value, _ in field.choices if value != getattr(row, field.name))
    return a_value_of(field)
