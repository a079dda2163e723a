"""Values and supplements in finished HTML: nothing a Kommune enters becomes markup, everything else stays."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learn.workshop.inserting import with_boxes, with_values

SPAN = '<span class="sc-var" data-var="amt">'
BODY = '<div id="text"><p>Vorab.</p><h2 id="s-weg">Der <em>Weg</em></h2><p>Weiter.</p></div>'
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</span></p><form action=//x>",
    "&lt;b&gt; &amp;",
    "x" * 5000,
    "nul\x00 und\u202eumgekehrt\u2066",
    '<span data-var="amt">',
    "\\1 \\g<0>",
)


class Shape(HTMLParser):
    """Elements with their attributes, and all words."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[object] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.words += data


def shape(html: str) -> Shape:
    found = Shape()
    found.feed(html)
    found.close()
    return found


def test_a_value_takes_the_place_of_the_words() -> None:
    html = f"<p>Fragen Sie {SPAN}Ihre <em>Verwaltung</em></span> und {SPAN}sie</span>.</p>"
    assert with_values(html, {"amt": "das Rathaus"}) == (
        f"<p>Fragen Sie {SPAN}das Rathaus</span> und {SPAN}das Rathaus</span>.</p>"
    )
    assert with_values(html, {"anderes": "x", "amt": ""}) == html
    assert with_values(html, {}) == html


def test_words_with_spans_of_their_own_go_as_a_whole() -> None:
    html = f"<p>{SPAN}a <span>b <span>c</span></span> d</span> <span>e</span></p>"
    assert with_values(html, {"amt": "Z"}) == f"<p>{SPAN}Z</span> <span>e</span></p>"


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_is_words_only(value: str) -> None:
    html = f"<p>{SPAN}Ihre Verwaltung</span></p><p>Ende</p>"
    found = with_values(html, {"amt": value})
    assert shape(found).elements == shape(html).elements
    assert not set(found) & set("\x00\u202e\u2066")
    assert found.endswith("</span></p><p>Ende</p>")


@settings(max_examples=60)
@given(st.text(min_size=1, max_size=60))
def test_any_value_keeps_the_page(value: str) -> None:
    html = f"<p>{SPAN}Ihre Verwaltung</span></p><p>Ende</p>"
    assert shape(with_values(html, {"amt": value})).elements == shape(html).elements


def test_a_box_stands_behind_its_heading_else_at_the_beginning() -> None:
    html = with_boxes(
        BODY, [("s-weg", "<i>1</i>"), ("s-weg", "<i>2</i>"), ("s-fort", "<i>3</i>")], '<div id="text">'
    )
    assert html == (
        '<div id="text"><i>3</i><p>Vorab.</p><h2 id="s-weg">Der <em>Weg</em></h2><i>1</i><i>2</i>'
        "<p>Weiter.</p></div>"
    )
    assert with_boxes(BODY, [], '<div id="text">') == BODY


def test_a_box_stands_behind_a_summary_and_behind_the_head_of_a_section() -> None:
    fold = '<details><summary><h3 id="s-x">X</h3></summary><p>Text</p></details>'
    assert "</summary><i></i><p>" in with_boxes(fold, [("s-x", "<i></i>")], "")
    head = '<header>oben</header><section><header><h2 id="s-x">X</h2><p>2 Fragen</p></header><form>'
    assert "</p></header><i></i><form>" in with_boxes(head, [("s-x", "<i></i>")], "")


@given(st.text(alphabet='s-"<&ä.*[', max_size=8))
@settings(max_examples=40)
def test_no_slug_breaks_the_search(slug: str) -> None:
    assert with_boxes(BODY, [(f"s-{slug}", "<i></i>")], '<div id="text">').count("<i></i>") == 1
