"""Lists: nesting by two and four blanks, tight and loose, after a paragraph."""

import pytest

from tests.markup.support import faults, flat, lesson


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Text:\n- a\n- b", "<p>Text:</p><ul><li>a</li><li>b</li></ul>"),
        ("Text\n1. a", "<p>Text</p><ol><li>a</li></ol>"),
        ("Text\n2. a", "<p>Text\n2. a</p>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("- a\n  - b", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("- a\n    - b", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("1. a\n    - b", "<ol><li>a<ul><li>b</li></ul></li></ol>"),
        ("- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        ("- a\n\n\n- b\n- c", "<ul><li><p>a</p></li><li><p>b</p></li><li><p>c</p></li></ul>"),
        ("- a\n\n  b", "<ul><li><p>a</p><p>b</p></li></ul>"),
        ("- a\n+ b", "<ul><li>a</li></ul><ul><li>b</li></ul>"),
        ("- a\nb", "<ul><li>a\nb</li></ul>"),
        ("1) a\n   > b", "<ol><li>a<blockquote><p>b</p></blockquote></li></ol>"),
        ("-\n  a", "<ul><li>a</li></ul>"),
        ("- - a", "<ul><li><ul><li>a</li></ul></li></ul>"),
    ],
)
def test_lists(source: str, expected: str) -> None:
    assert flat(source) == expected


def test_twelve_levels_nest_and_the_thirteenth_is_text() -> None:
    assert faults("> " * 12 + "a") == []
    found = lesson("\n\n" + "> " * 13 + "a", first_line=5)
    assert [(fault.code, fault.line) for fault in found.faults] == [("K204", 7)]
    assert found.text == "> a"
