"""A small drug library and the references of the demonstration. The facts are real, and each names where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from content.drafts import revisions
from content.models import (
    AdministrationRoute,
    CodeSystem,
    Condition,
    Drug,
    DrugAlias,
    DrugClass,
    DrugCode,
    Product,
    ProductStatus,
    Reference,
    Status,
)
from reviews.demo.names import uid
from reviews.demo.people import named

NCI = "https://www.cancer.gov/about-cancer/treatment/drugs/"
DAILYMED = "https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid="
# The day of the sources' pages that the facts below were taken from.
READ_ON = date(2025, 12, 30)
KAPOSI, MYELOMA = "Kaposi sarcoma", "Multiple myeloma"

CLASSES = {
    "IMiDs": ("Immunomodulating drugs", "IMiDs"),
    "PD-1": ("PD-1 inhibitors", ""),
    "anthracyclines": ("Anthracyclines", ""),
    "taxanes": ("Taxanes", ""),
    "topoisomerase": ("Topoisomerase inhibitors", ""),
}


@dataclass(frozen=True)
class Sold:
    """A product; `statuses` gives what the regulator says of it for a condition, and since when."""

    brand: str
    full_name: str
    route: str
    set_id: str
    statuses: Mapping[str, tuple[str, date | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """A drug. `page` is its address at the National Cancer Institute, where there is one."""

    name: str
    spoken: str
    group: str
    page: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    sold: tuple[Sold, ...] = ()


OFF_LABEL = {KAPOSI: (Status.OFF_LABEL, None)}

DRUGS = (
    Entry(
        "Pomalidomide",
        "PAH-muh-LIH-doh-mide",
        "IMiDs",
        "pomalidomide",
        {CodeSystem.NCIT: "C72560", CodeSystem.CDR: "653314", CodeSystem.MEDLINEPLUS: "a613030"},
        sold=(
            Sold(
                "Pomalyst",
                "pomalidomide",
                AdministrationRoute.ORAL,
                "2b25ef01-5c9e-11e1-b86c-0800200c9a66",
                {KAPOSI: (Status.ACCELERATED, date(2020, 5, 14)), MYELOMA: (Status.APPROVED, None)},
            ),
        ),
    ),
    Entry(
        "Lenalidomide",
        "leh-nuh-LIH-doh-mide",
        "IMiDs",
        "lenalidomide",
        {CodeSystem.NCIT: "C2668", CodeSystem.CDR: "38564", CodeSystem.MEDLINEPLUS: "a608001"},
        sold=(
            Sold(
                "Revlimid",
                "lenalidomide",
                AdministrationRoute.ORAL,
                "5fa97bf5-28a2-48f1-8955-f56012d296be",
                {**OFF_LABEL, MYELOMA: (Status.APPROVED, None)},
            ),
        ),
    ),
    Entry(
        "Pembrolizumab",
        "pem-broh-LIH-zoo-mab",
        "PD-1",
        "pembrolizumab",
        {CodeSystem.NCIT: "C106432", CodeSystem.CDR: "695789", CodeSystem.MEDLINEPLUS: "a614048"},
        sold=(
            Sold(
                "Keytruda",
                "pembrolizumab",
                AdministrationRoute.INTRAVENOUS,
                "9333c79b-d487-4538-a9f0-71b91a02b287",
                OFF_LABEL,
            ),
            Sold(
                "Keytruda Qlex",
                "pembrolizumab and berahyaluronidase alfa-pmph",
                AdministrationRoute.SUBCUTANEOUS,
                "097d166f-b73b-41d3-9b37-7653cd2a0c41",
                OFF_LABEL,
            ),
        ),
    ),
    Entry(
        "Nivolumab",
        "nih-VOL-yoo-mab",
        "PD-1",
        "nivolumab",
        {CodeSystem.NCIT: "C68814", CodeSystem.CDR: "539733", CodeSystem.MEDLINEPLUS: "a614056"},
        sold=(
            Sold(
                "Opdivo",
                "nivolumab",
                AdministrationRoute.INTRAVENOUS,
                "f570b9c4-6846-4de2-abfa-4d0a4ae4e394",
                OFF_LABEL,
            ),
            Sold(
                "Opdivo Qvantig",
                "nivolumab and hyaluronidase-nvhy",
                AdministrationRoute.SUBCUTANEOUS,
                "7f8c38fa-42f4-4387-9e8c-7a1c66855d8b",
                OFF_LABEL,
            ),
        ),
    ),
    Entry("Etoposide", "ee-toh-POH-side", "topoisomerase", aliases=("VP-16",)),
    Entry("Paclitaxel", "PA-klih-TAK-sil", "taxanes"),
    Entry(
        "Liposomal doxorubicin",
        "DOK-soh-ROO-bih-sin",
        "anthracyclines",
        "doxorubicin-hydrochloride-liposome",
        {CodeSystem.NCIT: "C1555", CodeSystem.CDR: "39424", CodeSystem.MEDLINEPLUS: "a612001"},
        sold=(
            Sold(
                "Doxil",
                "doxorubicin hydrochloride liposome",
                AdministrationRoute.INTRAVENOUS,
                "21d9c619-7e94-49e2-ac41-31e9ea96554a",
                {KAPOSI: (Status.APPROVED, None)},
            ),
        ),
    ),
)

NATIONAL_CANCER_INSTITUTE = [{"literal": "National Cancer Institute"}]

REFERENCES: dict[str, dict[str, Any]] = {
    "groopman": {
        "author": [{"family": "Groopman", "given": "J E"}],
        "title": "AIDS-related Kaposi sarcoma: Staging and treatment",
        "container_title": "UpToDate",
        "issued": [2025],
        "url": "https://www.uptodate.com/contents/aids-related-kaposi-sarcoma-staging-and-treatment",
    },
    "krown": {
        "author": [{"family": "Krown", "given": "S E"}, {"family": "Singh", "given": "J C"}],
        "title": "Classic Kaposi sarcoma: Clinical features, staging, diagnosis, and treatment",
        "container_title": "UpToDate",
        "issued": [2025],
        "url": "https://www.uptodate.com/contents/classic-kaposi-sarcoma-clinical-features-staging-diagnosis-and-treatment",
    },
    "pdq": {
        "type": "agency-page",
        "author": NATIONAL_CANCER_INSTITUTE,
        "title": "Kaposi Sarcoma Treatment (PDQ®)–Health Professional Version",
        "issued": [2025],
        "url": "https://www.cancer.gov/types/soft-tissue-sarcoma/hp/kaposi-treatment-pdq",
    },
    "nccn": {
        "type": "guideline",
        "author": [{"literal": "National Comprehensive Cancer Network"}],
        "title": "NCCN Clinical Practice Guidelines in Oncology (NCCN Guidelines): Kaposi Sarcoma",
        "version": "2.2026",
        "url": "www.nccn.org",
    },
    "checkpoints": {
        "type": "agency-page",
        "author": NATIONAL_CANCER_INSTITUTE,
        "title": "Immune Checkpoint Inhibitors",
        "url": "https://www.cancer.gov/about-cancer/treatment/types/immunotherapy/checkpoint-inhibitors",
    },
    "immunotherapy": {
        "type": "agency-page",
        "author": NATIONAL_CANCER_INSTITUTE,
        "title": "Immunotherapy to Treat Cancer",
        "url": "https://www.cancer.gov/about-cancer/treatment/types/immunotherapy",
    },
    "chemotherapy": {
        "type": "agency-page",
        "author": NATIONAL_CANCER_INSTITUTE,
        "title": "Chemotherapy to Treat Cancer",
        "url": "https://www.cancer.gov/about-cancer/treatment/types/chemotherapy",
    },
    "side-effects": {
        "type": "agency-page",
        "author": NATIONAL_CANCER_INSTITUTE,
        "title": "Side Effects of Cancer Treatment",
        "url": "https://www.cancer.gov/about-cancer/treatment/side-effects",
    },
    "skin": {
        "type": "agency-page",
        "author": NATIONAL_CANCER_INSTITUTE,
        "title": "Skin and Nail Changes during Cancer Treatment",
        "url": "https://www.cancer.gov/about-cancer/treatment/side-effects/skin-nail-changes",
    },
}


def load() -> None:
    with revisions.revision(by=named("lib"), comment="The library of the demonstration"):
        conditions = {name: Condition(uid=uid(name), name=name) for name in (KAPOSI, MYELOMA)}
        groups = {key: DrugClass(name=name, short_name=short) for key, (name, short) in CLASSES.items()}
        for row in (*conditions.values(), *groups.values()):
            row.save()
        for entry in DRUGS:
            add(entry, groups[entry.group], conditions)
        for key, columns in REFERENCES.items():
            Reference(uid=uid(key), **columns).save()


def add(entry: Entry, group: DrugClass, conditions: Mapping[str, Condition]) -> None:
    drug = Drug(uid=uid(entry.name), generic_name=entry.name, pronunciation=entry.spoken, drug_class=group)
    drug.save()
    for alias in entry.aliases:
        DrugAlias(drug=drug, name=alias, source="the usual short name in hospitals").save()
    for system, code in entry.codes.items():
        DrugCode(drug=drug, system=system, code=code, source=NCI + entry.page, checked_on=READ_ON).save()
    for sold in entry.sold:
        add_product(sold, drug, NCI + entry.page, conditions)


def add_product(sold: Sold, drug: Drug, page: str, conditions: Mapping[str, Condition]) -> None:
    product = Product(
        drug=drug,
        brand=sold.brand,
        full_name=sold.full_name,
        route=sold.route,
        label_set_id=sold.set_id,
        source=DAILYMED + sold.set_id,
        checked_on=READ_ON,
    )
    product.save()
    for name, (status, since) in sold.statuses.items():
        ProductStatus(
            product=product,
            condition=conditions[name],
            status=status,
            since_on=since,
            source=page,
            checked_on=READ_ON,
        ).save()
