"""A course as chapters: well-formed, complete, linked inside, without anything that belongs to a person."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learn.courses.takeaway.book import Book, Chapter
from learn.courses.takeaway.linking import outside
from learn.courses.takeaway.questions import mixed
from learn.courses.takeaway.wellformed import Node, mended, parsed, written, xml_id
from learn.markup import render
from learn.markup.addresses import OwnAddresses
from learn.markup.model import Html
from tests.courses.takeaway import rich


def chapter(book: Book, name: str) -> Chapter:
    return next(chapter for chapter in book.chapters if chapter.name == name)


def tree(body: str) -> ET.Element:
    return ET.fromstring(f"<main>{body}</main>")  # noqa: S314 - our own


def mend(html: str) -> str:
    return written(mended(parsed(html)))


def test_chapters_follow_the_course(course: rich.Course) -> None:
    book = course.epub()
    assert [(each.name, each.level) for each in book.chapters] == [
        ("titel", 1),
        ("kurs", 1),
        ("modul-01", 1),
        ("lektion-01-01", 2),
        ("lektion-01-01-einfach", 2),
        ("lektion-01-02", 2),
        ("modul-02", 1),
        ("lektion-02-01", 2),
        ("lektion-02-02", 2),
        ("lektion-02-03", 2),
        ("lektion-02-04", 2),
        ("loesungen", 1),
        ("glossar", 1),
        ("lizenz", 1),
    ]
    assert book.title == rich.TITLE
    assert course.epub() == book


def test_every_chapter_is_well_formed_and_every_link_inside_leads_somewhere(course: rich.Course) -> None:
    book = course.epub()
    files = {f"{each.name}.xhtml": each for each in book.chapters}
    for each in book.chapters:
        root = tree(each.body)
        ids = [node.get("id") for node in root.iter() if node.get("id")]
        assert len(ids) == len(set(ids)) == len(each.ids)
        for node in root.iter("a"):
            file, _sign, fragment = node.attrib["href"].partition("#")
            if "://" not in file:
                assert not fragment or fragment in files[file].ids, node.attrib["href"]


def test_links_lead_to_chapters_terms_and_full_addresses(course: rich.Course) -> None:
    book = course.epub()
    body = chapter(book, "lektion-02-02").body
    assert 'href="lektion-01-02.xhtml#les_9q3f7z1d-s-zwei-wege-zu-harmlosen-werten"' in body
    assert 'href="glossar.xhtml#begriff-raumklima"' in chapter(book, "lektion-01-01").body
    assert 'href="lektion-01-01-einfach.xhtml"' in chapter(book, "lektion-01-01").body
    assert 'href="lektion-01-01.xhtml"' in chapter(book, "lektion-01-01-einfach").body
    solutions = chapter(book, "loesungen").body
    assert 'href="lektion-01-01.xhtml#les_4m8t2k6p-s-größen-die-sich-lohnen"' in solutions


def test_questions_are_asked_without_fields_and_solved_at_the_end(course: rich.Course) -> None:
    book = course.epub()
    everything = "".join(each.body for each in book.chapters)
    for element in ("<form", "<input", "<select", "<textarea", "<button", "data-var", "/medien/", "book:"):
        assert element not in everything
    lesson, solutions = chapter(book, "lektion-02-01").body, chapter(book, "loesungen").body
    assert "Bohren kann man zuletzt." not in lesson
    assert "Bohren kann man zuletzt." in solutions
    order = [lesson.index(words) for words in ("Standort abstimmen", "Empfang prüfen", "Gerät festschrauben")]
    assert order != sorted(order)
    assert "Darf hier gebohrt werden? → Gebäudewirtschaft" in solutions
    assert "24 Werte" not in chapter(book, "lektion-01-01").body
    assert "24 Werte" in solutions


def test_the_final_test_and_values_of_towns_stay_out(course: rich.Course) -> None:
    everything = "".join(each.body for each in course.folder().chapters)
    assert "Wovon hängt die Laufzeit der Batterie am stärksten ab?" not in everything
    assert "Ihre Verwaltung" in everything
    assert "erledigt" in everything
    assert "Kim Erfunden" in everything
    assert "https://www.example.org/sensorheft" in everything
    assert 'href="https://creativecommons.org/licenses/by/4.0/deed.de"' in everything


@pytest.mark.parametrize(
    ("html", "valid"),
    [
        ("<li>a</li>", "<div>a</div>"),
        ("<ul>a<li>b</li></ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<dl><dt>a</dt></dl>", "<dl><dt>a</dt></dl>"),
        ("<p><span><div>a</div></span></p>", "<p><span><span>a</span></span></p>"),
        ("<em><figcaption>a</figcaption></em>", "<em><span>a</span></em>"),
        ("<h2><hr>a</h2>", "<h2><br/>a</h2>"),
        ("<details>a</details>", "<details><summary>Einzelheiten</summary>a</details>"),
        ("<figure><figcaption>a</figcaption><p>b</p></figure>",) * 2,
        ('<a href="x">a <a href="y">b</a></a>', '<a href="x">a <span>b</span></a>'),
        ('<p id="a b">a</p><p id="a b">b</p>', '<p id="a.20.b">a</p><p>b</p>'),
        ('<section aria-labelledby="weg">a</section>', "<section>a</section>"),
        ("<table><tfoot></tfoot><thead></thead></table>", "<table><thead></thead><tfoot></tfoot></table>"),
        ("<picture></picture>a\x0bb", "ab"),
        ('<p onclick="x" style="y" data-var="z">a</p>', "<p>a</p>"),
    ],
)
def test_what_browsers_forgive_is_mended(html: str, valid: str) -> None:
    if html.startswith("<figure"):
        valid = "<figure><p>b</p><figcaption>a</figcaption></figure>"
    if html.startswith("<dl"):
        valid = "<div><p>a</p></div>"
    assert mend(html) == valid


@given(st.text(alphabet=st.sampled_from("abc<>/&*_`#-|[]()!.\"' \n1dlitud"), max_size=120))
def test_whatever_is_rendered_becomes_well_formed_with_all_its_words(text: str) -> None:
    for part in render(text, "kurs", OwnAddresses()).parts:
        if isinstance(part, Html):
            root = parsed(part.html)
            words = "".join(root.words().split())
            made = "".join("".join(tree(written(mended(root))).itertext()).split())
            assert sorted(words) == sorted(made.replace("Einzelheiten", "").replace("☒", "").replace("☐", ""))


@given(st.text(max_size=20), st.text(max_size=20))
def test_ids_are_xml_and_different_ones_stay_different(one: str, other: str) -> None:
    root = Node("main", children=[Node("p", values={"id": one})])
    assert tree(written(mended(root))) is not None
    assert (xml_id(f"a{one}") == xml_id(f"a{other}")) == (one == other)


@given(st.text(max_size=30))
def test_addresses_are_ascii_where_urls_ask_for_it(text: str) -> None:
    for address in (text, f"https://www.example.org/{text}", f"https://{text}/", f"mailto:{text}"):
        found = outside(address)
        assert not found or not set(found) & set(' "<>\\^`{|}')


def test_no_other_kind_of_address_leads_out() -> None:
    for address in ("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//example.org", "x"):
        assert outside(address) == "", address


def test_the_order_of_choices_tells_nothing() -> None:
    assert mixed(("a",), "x") == ("a",)
    for seed in range(50):
        shown = mixed(("a", "b", "c"), str(seed))
        assert shown != ("a", "b", "c")
        assert sorted(shown) == ["a", "b", "c"]
