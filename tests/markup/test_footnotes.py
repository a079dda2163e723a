"""Footnotes."""

from tests.markup.support import asked, faults, flat, lesson


def test_uses_are_numbered_and_texts_stand_at_the_end() -> None:
    source = "a[^x] b[^y] c[^x]\n\n[^y]: Ypsilon\n[^x]: Iks\n    mehr\n\n    Zweiter\n"
    assert flat(source) == (
        '<p>a<sup id="fnref-1"><a href="#fn-1" aria-label="Fußnote 1">1</a></sup>'
        ' b<sup id="fnref-2"><a href="#fn-2" aria-label="Fußnote 2">2</a></sup>'
        ' c<sup id="fnref-1-2"><a href="#fn-1" aria-label="Fußnote 1">1</a></sup></p>'
        '<section class="sc-footnotes" aria-label="Fußnoten"><ol>'
        '<li id="fn-1"><p>Iks\nmehr</p><p>Zweiter '
        '<a href="#fnref-1" aria-label="Zurück zu Fußnote 1">↩</a></p></li>'
        '<li id="fn-2"><p>Ypsilon <a href="#fnref-2" aria-label="Zurück zu Fußnote 2">↩</a></p></li>'
        "</ol></section>"
    )


def test_a_footnote_may_use_another() -> None:
    found = flat("a[^x]\n\n[^x]: b[^y]\n\n[^y]: c")
    assert '<li id="fn-2"><p>c ' in found


def test_they_follow_a_quiz_at_the_end() -> None:
    source = f"a[^x]\n\n{asked('1. [x] a')}\n[^x]: t\n"
    kinds = [type(part).__name__ for part in lesson(source).parts]
    assert kinds == ["Html", "Quiz", "Html"]


def test_missing_texts_and_uses_are_reported() -> None:
    assert faults("a\nb[^x]\n") == [("K205", 2)]
    assert faults("a\n\n[^x]: t\n") == [("K205", 3)]
    assert "[^x]" in lesson("b[^x]").text


def test_uses_beyond_the_limit_are_text() -> None:
    found = lesson("a[^x]\n" * 201 + "\n[^x]: t")
    assert [(fault.code, fault.line) for fault in found.faults] == [("K601", 201)]
    assert found.parts[0].html.count("<sup") == 200  # type: ignore[union-attr]  # an Html part


def test_the_second_text_of_a_name_is_reported() -> None:
    assert faults("a[^1]\n\n[^1]: b\n[^1]: c") == [("K205", 4)]


def test_a_footnote_in_the_words_of_a_link_follows_it() -> None:
    found = flat("[**a[^1]** b](02-zwei.md) c\n\n[^1]: d")
    assert '<a href="/kurse/k/zwei"><strong>a</strong> b</a><sup id="fnref-1">' in found
