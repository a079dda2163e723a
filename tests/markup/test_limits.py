"""Limits: what goes beyond stays text, named by its line; large pages are refused."""

import time

import pytest

from learn.markup import render
from learn.markup.limits import Budget
from learn.markup.model import Html
from tests.markup.support import faults, lesson


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("a\n" + "[" * 51, 2),
        ("a\n\n" + "*a* " * 1300, 3),
        ("`a` " * 600 + "\n" + "`b` " * 600, 1),
        ("## a\n" * 501, 501),
    ],
)
def test_excess_is_text(source: str, line: int) -> None:
    assert faults(source) == [("K601", line)]


def test_the_words_stay() -> None:
    found = lesson("*a* " * 1300)
    assert found.text.startswith("*a* *a*")


def test_a_budget_is_spent_once() -> None:
    budget = Budget(cells=3)
    assert [budget.take("cells", 2), budget.take("cells", 2), budget.take("cells", 1)] == [True, False, True]


def test_a_reference_cannot_multiply_a_text() -> None:
    source = "[a]: https://a.example/" + "x" * 1900 + "\n\n" + "[a] " * 1000
    assert len(repr(lesson(source).parts)) < 300_000


def test_a_page_that_grows_too_large_is_shown_as_text() -> None:
    source = (">" * 12 + "a\n\n") * 1_300
    found = render(source, "beitrag")
    assert [fault.code for fault in found.faults] == ["K108"]
    assert found.parts == (Html(f"<pre>{source.replace('>', '&gt;')}</pre>".replace("\n</pre>", "</pre>")),)


@pytest.mark.parametrize(
    "unit",
    [
        "[",
        "[a\n",
        "](b)\n",
        "![a](bilder/b.png)\n",
        "*a _b\n",
        "`" * 7 + "a" + "`" * 5 + "\n",
        "<!-- \na\n",
        "a <?x <![CDATA[\n",
        "> - a\n",
        "* * a\n",
        "<b>a\n\n",
        "<table><tr><td>\n",
        "|a|b|\n|-|-|\n\n",
        "## a\n",
        "<!-- quiz id=a -->\n<!-- aufgabe id=b -->\n",
        "[a](b (c\n",
        "&#x41;\\_www._\n",
    ],
)
def test_hostile_texts_end_in_time(unit: str) -> None:
    text = (unit * 20_000)[:20_000]
    began = time.process_time()
    render(text, "kurs")
    assert time.process_time() - began < 2
