"""Finding a reference in the library's list: by any spelling of its identifiers, and by what has become of it."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from content.models import AccessCheck, Citation, Reference, Retraction
from content.models.references import NORMALISED


def identified_by(text: str) -> QuerySet[Reference]:
    """Find those that have this DOI, PubMed number, ISBN or address, however it is spelled; for an alias, the one
    kept.
    """
    same = Q()
    for column, read in NORMALISED.items():
        try:
            key = read(text)
        except ValueError:
            continue
        same |= Q(**{f"{column}_normalised": key}) if key else Q()
    rows = Reference.objects.filter(same) if same else Reference.objects.none()
    return Reference.objects.filter(pk__in=rows.values(kept=Coalesce("merged_into", "pk")))


def checks_of(outer: str) -> tuple[QuerySet[AccessCheck], QuerySet[AccessCheck]]:
    # Of a reference as it is today, and of what was merged into it: two questions, each of which the database answers
    # from an index.
    key, counting = OuterRef(outer), AccessCheck.objects.filter(identity=OuterRef("identity"))
    return counting.filter(reference=key), counting.filter(reference__merged_into=key)


def with_facts(references: QuerySet[Reference]) -> QuerySet[Any]:
    """Add to each reference `uses`, how many drafts cite it, and `opened_on` and `alias_opened_on`, the newest day on
    record.
    """
    own, of_aliases = (
        Subquery(checks.exclude(opened_on=None).order_by("-opened_on").values("opened_on")[:1])
        for checks in checks_of("pk")
    )
    return references.annotate(uses=Count("citations"), opened_on=own, alias_opened_on=of_aliases)


class Standing(admin.SimpleListFilter):
    """Aliases are left out unless they are asked for: they stand for the entry that was kept."""

    title = "publication status"
    parameter_name = "stands"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("retracted", "retracted"),
            ("concern", "under an expression of concern"),
            ("superseded", "superseded by a newer version"),
            ("merged", "merged into another entry"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Reference]) -> QuerySet[Reference]:
        match self.value():
            case "retracted":
                return queryset.filter(merged_into=None, retraction=Retraction.RETRACTED)
            case "concern":
                return queryset.filter(merged_into=None, retraction=Retraction.CONCERN)
            case "superseded":
                return queryset.filter(merged_into=None).exclude(superseded_by=None)
            case "merged":
                return queryset.exclude(merged_into=None)
        return queryset.filter(merged_into=None)


class Neglected(admin.SimpleListFilter):
    title = "what needs attention"
    parameter_name = "nobody"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("opened", "never opened by a person"), ("cited", "not cited in any draft")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Reference]) -> QuerySet[Reference]:
        if self.value() == "opened":
            own, of_aliases = (checks.exclude(opened_by=None) for checks in checks_of("pk"))
            return queryset.filter(~Exists(own) & ~Exists(of_aliases))
        if self.value() == "cited":
            return queryset.filter(~Exists(Citation.objects.filter(reference=OuterRef("pk"))))
        return queryset
