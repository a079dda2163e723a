"""The canonical form changes with the words, not with their layout."""

import json

import pytest

from tests.markup.support import asked, lesson


def form(text: str) -> str:
    return json.dumps(lesson(text).canonical)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a b\nc", "a  b c\n"),
        ("- a\n- b", "* a\n* b"),
        ("a\n===\n\n## b", "# a\n\nb\n---"),
        ("*a* **b**", "_a_ __b__"),
        ("[a]\n\n[a]: https://b.example", "[a](https://b.example)"),
        ("> [!TIP]\n> a", ">[!tip]\n>  a"),
        ("|a|\n|-|\n|1|", "| a |\n|-----|\n|  1  |"),
        ("a[^x]\n\n[^x]: n", "a[^y]\n\n[^y]: n"),
    ],
)
def test_layout_does_not_count(first: str, second: str) -> None:
    assert form(first) == form(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a", "b"),
        ("*a*", "**a**"),
        ("[a](https://b.example)", "[a](https://c.example)"),
        ("```\na\n```", "```\na \n```"),
        ("```sh\na\n```", "```c\na\n```"),
        ("`a b`", "`a  b`"),
        ("![x](bilder/b.png)", "![x](bilder/a.svg)"),
        (asked("1. [x] a\n2. [ ] b"), asked("1. [ ] a\n2. [x] b")),
        (asked("1. [x] a\n2. [ ] b"), asked("1. [x] a\n2. [ ] b").replace("id=f", "id=g")),
        ("a[^x]\n\n[^x]: n", "a[^x]\n\n[^x]: m"),
    ],
)
def test_words_do(first: str, second: str) -> None:
    assert form(first) != form(second)


def test_plain_words() -> None:
    found = lesson(
        "# T\n\n## A *b*\n\nText[^x] ![Bild](bilder/b.png)\n\n- c\n- d\n\n|e|f|\n|-|-|\n|1|2|\n\n[^x]: Note"
    )
    assert found.text.splitlines() == ["A b", "Text1 Bild", "c", "d", "e", "f", "1", "2", "Note ↩"]
