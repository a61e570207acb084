"""Rows that are written once: what is here says so in plain words; the database's triggers make it true."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar, NoReturn, TypeVar

from django.core import checks
from django.db import IntegrityError, models
from django.db.models.base import ModelBase

Row = TypeVar("Row", bound=models.Model)


class FrozenRow(IntegrityError):
    """Somebody tried to change or delete a row that is written once."""


def refuse(model: type[models.Model], what: str) -> NoReturn:
    name = str(model._meta.verbose_name)
    article = "An" if name[:1].lower() in set("aeiou") else "A"
    raise FrozenRow(f"{article} {name} is written once and cannot be {what}.")


class FrozenQuerySet(models.QuerySet[Row]):
    def update(self, **kwargs: Any) -> int:
        if not _sets_once(self.model, kwargs):
            refuse(self.model, "changed")
        return super().update(**kwargs)

    def delete(self) -> NoReturn:
        refuse(self.model, "deleted")

    def bulk_update(
        self, objs: Iterable[Row], fields: Iterable[str], batch_size: int | None = None
    ) -> NoReturn:
        refuse(self.model, "changed")

    def bulk_create(self, objs: Iterable[Row], *args: Any, **kwargs: Any) -> list[Row]:
        if kwargs.get("update_conflicts"):
            refuse(self.model, "changed")
        return super().bulk_create(objs, *args, **kwargs)


class FrozenModel(models.Model):
    """A row that is written once.

    `settable_once` names the fields that say how the row ended: they may be set together, one time,
    while the first of them is NULL.

    The ledger knows the row as `evidence_name`, and digests the values of the columns in `evidence`, in their order and
    with no name: a table or a column can be renamed, and old digests stay true. Whoever adds a column to `evidence` raises
    `evidence_schema` and keeps the tuple before it in `earlier_evidence`, under its number: each row is checked by the
    columns it was recorded with. `no_evidence` names the columns that no digest covers.

    `article_at` names the ways to the article that the row is evidence of; the article's own ledger events name it.
    `recorded_in` names the verbs whose events name a row that is evidence for every article.
    """

    settable_once: ClassVar[tuple[str, ...]] = ()
    evidence_name: ClassVar[str] = ""
    evidence_schema: ClassVar[int] = 1
    evidence: ClassVar[tuple[str, ...]] = ()
    earlier_evidence: ClassVar[Mapping[int, tuple[str, ...]]] = {}
    no_evidence: ClassVar[tuple[str, ...]] = ()
    in_ledger: ClassVar[bool] = True
    article_at: ClassVar[tuple[str, ...]] = ()
    recorded_in: ClassVar[tuple[str, ...]] = ()

    objects = FrozenQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(
        self,
        *,
        force_insert: bool | tuple[ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        fields = tuple(update_fields or ())
        if self._state.adding:
            # force_insert: a new object with the key of an existing row would become an UPDATE of that row.
            super().save(
                force_insert=force_insert or True,
                force_update=force_update,
                using=using,
                update_fields=fields or None,
            )
        elif _sets_once(type(self), fields) and self._is_open(using):
            super().save(force_update=True, using=using, update_fields=fields)
        else:
            refuse(type(self), "changed")

    def delete(self, using: str | None = None, keep_parents: bool = False) -> NoReturn:
        refuse(type(self), "deleted")

    def _is_open(self, using: str | None) -> bool:
        rows = type(self)._base_manager.using(using or self._state.db)
        return rows.filter(pk=self.pk, **{f"{self.settable_once[0]}__isnull": True}).exists()

    @classmethod
    def check(cls, **kwargs: Any) -> list[checks.CheckMessage]:
        return [*super().check(**kwargs), *_unfrozen_links(cls), *_unnamed_columns(cls)]


def _sets_once(model: type[models.Model], fields: Collection[str]) -> bool:
    once: tuple[str, ...] = getattr(model, "settable_once", ())
    return bool(once) and once[0] in fields and set(fields) <= set(once)


def _unfrozen_links(model: type[models.Model]) -> list[checks.CheckMessage]:
    # Django makes such a table by itself, without triggers: its rows could be changed later.
    return [
        checks.Error(
            f"{field.name} is many-to-many, and its link table is not frozen.",
            hint="Give it a `through` model that is a FrozenModel.",
            obj=field,
            id="evidence.E001",
        )
        for field in model._meta.local_many_to_many
        if not issubclass(field.remote_field.through or models.Model, FrozenModel)
    ]


def _unnamed_columns(model: type[FrozenModel]) -> list[checks.CheckMessage]:
    """A column that neither tuple names would be in no digest, and nobody would have decided so."""
    if not (model.evidence_name and model.in_ledger):
        return []
    columns = {field.attname for field in model._meta.concrete_fields if not field.primary_key}
    named = {*model.evidence, *model.no_evidence}
    wrong = [f"{name} is in no digest" for name in sorted(columns - named)]
    wrong += [f"there is no column {name}" for name in sorted(named - columns)]
    return [
        checks.Error(
            f"The evidence of {model._meta.label} is not said in full: {each}.",
            hint="Name it in `evidence`, under a new schema number once there are rows, or in `no_evidence`.",
            obj=model,
            id="evidence.E007",
        )
        for each in wrong
    ]
