"""Pages for a USB stick: valid, whole, opened without a server, without a request elsewhere."""

from io import BytesIO
from zipfile import ZipFile

import html5lib
import pytest

from learn.courses.takeaway import folder
from tests.client import check_page
from tests.courses.takeaway import rich

HTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def files(course: rich.Course) -> dict[str, bytes]:
    target = BytesIO()
    folder.write(course.folder(), course.pictures, target)
    again = BytesIO()
    folder.write(course.folder(), course.pictures, again)
    assert again.getvalue() == target.getvalue()
    with ZipFile(target) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_every_page_is_valid_and_every_target_lies_beside_it(files: dict[str, bytes]) -> None:
    pages = {name: html5lib.parse(data.decode()) for name, data in files.items() if name.endswith(".html")}
    assert len(pages) == 14
    for name, data in files.items():
        if name in pages:
            check_page(data.decode())
    ids = {name: {node.get("id") for node in page.iter()} for name, page in pages.items()}
    for name, page in pages.items():
        for node in page.iter():
            target = node.get("href") or node.get("src") or node.get("srcset") or ""
            if target and "://" not in target:
                file, _sign, fragment = target.partition("#")
                assert (file or name) in files, target
                assert not fragment or fragment in ids[file or name], target
        assert not list(page.iter(f"{HTML}script"))


def test_names_fit_every_system(files: dict[str, bytes]) -> None:
    assert "index.html" in files
    assert all(name.isascii() and name == name.lower() for name in files if name != "LIESMICH.txt")
    assert all(len(name) < 60 and not set(name) & set('<>:"\\|?* ') for name in files)


def test_pages_lead_on_and_back_and_hold_the_contents(files: dict[str, bytes]) -> None:
    page = files["lektion-01-01.html"].decode()
    assert '<a href="modul-01.html" rel="prev">' in page
    assert '<a href="lektion-01-01-einfach.html" rel="next">' in page
    assert '<a href="lektion-01-01.html" aria-current="page">' in page
    assert '<a href="lizenz.html">' in page
    assert all(f'href="{name}"' in files["index.html"].decode() for name in files if name[:7] == "lektion")
