"""LiaScript."""

from tests.courses.foreign.converted import body, converted


def test_liascript_stays_text() -> None:
    source = "# T\n\n{{1}} a @run(b)\n\n[[X]] c\n[( )] d\n\n!?[e](https://f)\n\nmail@example.org `@g`"
    found = converted(source, "liascript")
    assert found.body == source
    words = {fault.values["ausschnitt"] for fault in found.faults}
    assert words == {"{{1}}", "@run(b)", "[[X]]", "[( )]", "!?[e]"}


def test_spoken_words_far_from_the_margin_are_no_code() -> None:
    assert body("a\n\n             --{{0}}--\nb", "liascript") == "a\n\n--{{0}}--\nb"
