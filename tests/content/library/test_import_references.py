import io
import json

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from content.citing.formats import csl_json, reading
from content.models import Reference, csl_of
from evidence.models import LedgerEvent
from tests import cast
from tests.content.citing.formats import test_pubmed, test_reading, test_ris

pytestmark = pytest.mark.django_db

BOOK = {"type": "book", "title": "Rare Tumors", "ISBN": "978-0-323-47674-4", "volume": "2"}
PAGE = {
    "type": "webpage",
    "title": "Liver",
    "URL": "https://liver.example/rare",
    "author": [{"literal": "Liver Society"}],
}


@pytest.fixture
def ann():
    return cast.person("ann", "Editors")


def run(*files, by="ann", **options):
    out = io.StringIO()
    call_command("import_references", *files, by=by, stdout=out, **options)
    return out.getvalue()


def rows():
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


@pytest.fixture
def written(tmp_path):
    def write(data, name="library.json"):
        path = tmp_path / name
        text = json.dumps(data) if isinstance(data, list) else data
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_import_references_adds_what_is_new_with_its_audit_trail(ann, written):
    path = written([BOOK, PAGE | {"accessed": {"date-parts": [[2025, 10, 6]]}, "abstract": "…"}])

    report = run(path)

    assert report == (
        f"{path}: 2 added; 0 already in the library; 0 twice in the file.\n"
        f"{path}: Not imported: abstract of 1, the access date of 1.\n"
    )
    book = Reference.objects.get(type="book")
    assert (book.title, book.isbn_normalised, book.more) == ("Rare Tumors", "9780323476744", {"volume": "2"})
    trail = book.history.get()
    assert (trail.history_type, trail.history_user, trail.history_change_reason) == (
        "+",
        ann,
        "Imported from library.json",
    )
    event = LedgerEvent.objects.order_by("-number")[0]
    assert (event.verb, event.recorded_by, event.facts) == (
        "import references",
        ann,
        {"file": "library.json", "new": 2},
    )


def test_import_references_stores_every_variable_it_prints(ann, written):
    cases = json.loads((test_ris.Path(test_ris.__file__).parent.parent / "style_cases.json").read_text())
    items = [case["csl"] for case in cases]

    run(written(csl_json.write(items)))

    stored = [
        {key: value for key, value in csl_of(row).items() if key != "id"}
        for row in Reference.objects.order_by("pk")
    ]
    assert stored == items


def test_import_references_changes_nothing_the_second_time(ann, written):
    files = [written(test_ris.ARTICLE, "a.ris"), written(test_pubmed.CHAPTER, "b.nbib")]
    run(*files)
    before = rows()

    report = run(*files)

    assert rows() == before
    article = Reference.objects.get(type="article-journal")
    assert f"{files[0]}:1 (entry 1): Already in the library, as “{article}” ({article.uid})." in report


def test_import_references_takes_a_work_once_that_stands_twice_in_a_file(ann, written):
    path = written([PAGE, BOOK, PAGE | {"title": "Liver, again", "URL": "https://LIVER.example/rare/"}])

    report = run(path)

    assert Reference.objects.count() == 2
    assert f"{path}: 2 added; 0 already in the library; 1 twice in the file." in report
    assert f"{path}:1 (entry 3): The same as entry 1." in report


def test_import_references_says_what_is_doubtful(ann, written):
    path = written([BOOK | {"type": "thesis", "issued": {"literal": "Spring 2019"}, "title": "T&amp;T"}])

    report = run(path).splitlines()

    assert report[1:] == [
        f"{path}:1 (entry 1): “title” holds “&amp;”, and that is how it is printed. Write the character itself.",
        f"{path}:1 (entry 1): “Spring 2019” is stored as 2019.",
        f"{path}:1 (entry 1): The library has no type “thesis”, so the entry is stored as “another document”.",
    ]
    assert Reference.objects.get().issued == [2019]


def test_import_references_dry_run_stores_nothing(ann, written):
    path = written([BOOK])
    before = rows()

    report = run(path, dry_run=True)

    assert rows() == before
    assert report == f"{path}: 1 would be added; 0 already in the library; 0 twice in the file.\n"


@pytest.mark.parametrize(("name", "data", "faults"), test_reading.BAD.values(), ids=test_reading.BAD)
def test_import_references_refuses_a_bad_file_and_stores_nothing(ann, written, name, data, faults):
    path = written(data, name)
    before = rows()

    with pytest.raises(CommandError) as refused:
        run(path)

    assert rows() == before
    places = [
        f"{path}{f':{line}' if line else ''}{f' (entry {entry})' if entry else ''}: "
        for _, entry, line in faults
    ]
    found = [fault.words for fault in reading.read(data[: reading.LARGEST + 1], name=name).faults]
    assert str(refused.value).splitlines() == [
        place + words for place, words in zip(places, found, strict=True)
    ]


def test_import_references_refuses_what_has_no_room(ann, written):
    path = written([BOOK, BOOK | {"title": "x" * 501}])
    before = rows()

    with pytest.raises(CommandError) as refused:
        run(path)

    assert str(refused.value).startswith(
        f"{path}:1 (entry 2): There is room for 500 characters of reference title, "
    )
    assert rows() == before


def test_import_references_takes_the_good_files_beside_a_bad_one(ann, written):
    good, bad = written([BOOK]), written(b"", "empty.ris")

    with pytest.raises(CommandError, match=r"^1 of 2 files could not be imported\.$"):
        run(good, bad)

    assert Reference.objects.count() == 1


def test_import_references_refuses_a_file_that_is_not_there(ann, tmp_path):
    with pytest.raises(CommandError, match="The file cannot be opened: No such file or directory"):
        run(tmp_path / "none.ris")


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("nobody", "There is nobody with the username “nobody”."),
        ("eve", "Eve Example may not add references; "),
    ],
)
def test_import_references_asks_who_imports(ann, written, by, words):
    cast.person("eve")

    with pytest.raises(CommandError) as refused:
        run(written([BOOK]), by=by)

    assert str(refused.value).startswith(words)
    assert Reference.objects.count() == 0
