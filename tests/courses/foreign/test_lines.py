"""Lines: what is code, and where changed lines come from."""

import re

import pytest

from learn.courses.foreign.lines import Lines


@pytest.mark.parametrize(
    "source",
    [
        "```\nX\n```",
        "> ~~~\n> X",
        "- a\n\n      X",
        "a\n\n    X",
        "<!--\nX\n-->",
        "<pre>\nX\n</pre>",
        "a `b\nX` c",
        "a <!-- X --> b",
        "1. ```\n   X\n   ```",
    ],
)
def test_code_and_hidden_words_are_guarded(source: str) -> None:
    assert Lines.of(source).guarded(source.index("X"))


@pytest.mark.parametrize(
    "source",
    [
        "```\na\n```\nX",
        "> ```\n> a\n\nX",
        "- a\n\n  X",
        "a\n    X",
        "<!-- a --> X",
        "- ```\n  a\n\nX",
        "`a X",
        "\\`X`",
        "a `b\n\nX` c",
        "- a `b\n- X` c",
    ],
)
def test_other_words_are_not(source: str) -> None:
    assert not Lines.of(source).guarded(source.index("X"))


def test_changed_lines_keep_their_numbers() -> None:
    source = Lines.of("a X b\n`X`\nc X", 5)
    lines = source.replaced(re.compile("X"), lambda found, line: f"{len(found[0])}\n{line}")
    assert lines.texts == ["a 1", "5 b", "`X`", "c 1", "7"]
    assert lines.numbers == [5, 5, 6, 7, 7]
