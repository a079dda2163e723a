"""Profile of contributions: our constructs without courses' marks."""

import pytest

from learn.markup import render
from learn.markup.model import Html
from tests.markup.support import one_line


def post(text: str) -> str:
    found = render(text, "beitrag").parts
    assert all(isinstance(part, Html) for part in found)
    return one_line("".join(part.html for part in found if isinstance(part, Html)))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("> [!TIP]\n> a", '<aside class="sc-callout sc-callout--tip" role="note">'),
        ("- [x] a", '<li class="sc-tick">'),
        ("#### A", '<h4 id="s-a">A</h4>'),
        ("a[^x]\n\n[^x]: b", 'id="fn-1"'),
        ("https://a.example", '<a href="https://a.example" rel="noopener">'),
        ("# A\n\n## B", '<h2 id="s-a">A</h2><h3 id="s-b">B</h3>'),
    ],
)
def test_constructs(source: str, expected: str) -> None:
    assert render(source, "beitrag").faults == ()
    assert expected in post(source)


def test_marks_do_not_work() -> None:
    source = "<!-- quiz id=q -->\n\n## F?\n<!-- frage id=f -->\n\n1. [x] a\n2. [ ] b\n\n<!-- /quiz -->"
    assert [fault.code for fault in render(source, "beitrag").faults] == ["K202", "K202"]
    assert "F?" in post(source)


def test_nothing_around_a_contribution_is_known() -> None:
    found = render("[a](b.md) ![c](d.png) [e](var:f)", "beitrag")
    assert sorted(fault.code for fault in found.faults) == ["K202", "K501", "K503"]
    assert post("[a](b.md) ![c](d.png) [e](var:f)") == "<p><span>a</span> <span>c</span> <span>e</span></p>"
