"""As production serves them: every file by a name made of its content."""

import re
import shutil

import pytest
from django.conf import settings

from cms.static_files import HashedStaticFiles

STATIC = settings.BASE_DIR / "static"
OURS = re.compile(r"{% static '((?:staff|public)/[^']+|tokens\.css)' %}")


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """What `collectstatic` makes of our own files; gives the storage and the names it gave them."""
    place = tmp_path_factory.mktemp("static")
    shutil.copytree(STATIC, place, dirs_exist_ok=True)
    storage = HashedStaticFiles(location=place, base_url="/static/")
    names = [str(each.relative_to(STATIC)) for each in STATIC.rglob("*") if each.is_file()]
    for _ in storage.post_process({name: (storage, name) for name in names}):
        pass
    return storage, storage.hashed_files


def test_every_file_that_a_page_asks_for_is_there(collected):
    _, names = collected
    pages = [each.read_text(encoding="utf-8") for each in (settings.BASE_DIR / "templates").rglob("*.html")]

    asked_for = {name for page in pages for name in OURS.findall(page)}

    assert asked_for - set(names) == set()
    assert len(asked_for) > 15


def test_a_script_imports_others_by_the_names_of_their_content(collected):
    storage, names = collected

    with storage.open(names["staff/article-form.js"]) as script:
        imported = re.findall(r'from "\./([^"]+)"', script.read().decode())

    assert [f"staff/{name}" for name in imported] == [
        names[f"staff/{name}.js"]
        for name in ("article-form/pictures", "article-form/readiness", "article-form/rows", "saving")
    ]
