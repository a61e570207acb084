import pytest

from content.importing import drug_headings
from content.importing.drug_headings import DrugNames, recognised
from content.models import DrugAlias
from tests import cast

LIBRARY = DrugNames(
    drugs={
        "pomalidomide": ["pomalidomide"],
        "pembrolizumab": ["pembrolizumab"],
        "etoposide": ["etoposide"],
        "vp-16": ["etoposide"],
        "taxane": ["docetaxel", "paclitaxel"],
        "paclitaxel": ["paclitaxel"],
        "dabrafenib": ["dabrafenib"],
    },
    names_of={
        "pomalidomide": {"pomalidomide", "pomalyst"},
        "pembrolizumab": {"pembrolizumab", "keytruda"},
        "etoposide": {"etoposide", "vp-16"},
        "paclitaxel": {"paclitaxel", "taxol"},
        "dabrafenib": {"dabrafenib", "tafinlar"},
    },
    classes=frozenset({"immunomodulating drugs", "imids"}),
)
STRANGER = (
    "The drug library does not know “Thalidomide (Thalomid)”. "
    "If it is a drug, add it there and choose it in its section."
)
NEW_BRAND = "“Keytruda Qlex” is not a brand or other name of pembrolizumab in the drug library."
TWO = (
    "The heading “Dabrafenib (Tafinlar) plus trametinib (Mekinist)” names no single drug; "
    "choose the drug of its section by hand."
)
EITHER = "The heading “Taxane” may be about docetaxel or paclitaxel; choose the drug by hand."


@pytest.mark.parametrize(
    ("heading", "drug", "doubts"),
    [
        ("Pomalidomide (Pomalyst)", "pomalidomide", []),
        ("POMALIDOMIDE", "pomalidomide", []),
        ("Paclitaxel (Taxol®)", "paclitaxel", []),
        ("Etoposide (VP-16)", "etoposide", []),
        ("VP-16 (Etoposide)", "etoposide", []),
        ("Pembrolizumab (Keytruda, Keytruda Qlex)", "pembrolizumab", [NEW_BRAND]),
        ("Immunomodulating drugs (IMiDs)", None, []),
        ("Thalidomide (Thalomid)", None, [STRANGER]),
        ("Possible side effects of pomalidomide", None, []),
        ("Dabrafenib (Tafinlar) plus trametinib (Mekinist)", None, [TWO]),
        ("Taxane", None, [EITHER]),
        ("When is chemo used?", None, []),
    ],
)
def test_recognised_goes_by_the_library_and_not_by_parentheses(heading, drug, doubts):
    found = recognised(heading, LIBRARY)

    assert found == (drug, doubts)


@pytest.mark.django_db
def test_of_library_knows_generic_names_aliases_brands_and_classes():
    ann = cast.person("ann")
    drug = cast.drug(ann, name="Etoposide", brand="Toposar")
    DrugAlias(drug=drug, name="VP-16", source="label").save()

    names = drug_headings.of_library()

    assert names.drugs == {"etoposide": ["Etoposide"], "vp-16": ["Etoposide"]}
    assert names.names_of == {"Etoposide": {"etoposide", "vp-16", "toposar"}}
    assert names.classes == {"immunomodulating drugs", "imids"}
