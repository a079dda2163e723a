"""Checklists."""

from tests.markup.support import flat

DONE = '<input type="checkbox" disabled="" checked="" aria-label="erledigt">'
OPEN = '<input type="checkbox" disabled="" aria-label="offen">'


def test_boxes() -> None:
    assert flat("- [x] a\n- [ ] b\n- [y] c") == (
        f'<ul><li class="sc-tick">{DONE} a</li><li class="sc-tick">{OPEN} b</li><li>[y] c</li></ul>'
    )


def test_a_loose_list_keeps_its_paragraphs() -> None:
    assert flat("1. [X] a\n\n2. b").startswith(f'<ol><li class="sc-tick"><p>{DONE} a</p></li>')


def test_an_escaped_box_is_text() -> None:
    assert flat("- \\[x] a") == "<ul><li>[x] a</li></ul>"
