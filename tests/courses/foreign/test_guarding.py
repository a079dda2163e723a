"""Words that look like signs of our own."""

from tests.courses.foreign.converted import body


def test_words_that_look_like_our_signs() -> None:
    assert body("<!-- quiz -->\n\na") == "<!-- (quiz) -->\n\na"
    assert body("<!-- tabs -->\n\n## a\n\n<!-- /tabs -->") == "<!-- tabs -->\n\n## a\n\n<!-- /tabs -->"
    assert body("# a\n\n<!-- frage id=b -->") == "# a\n\n<!-- (frage) id=b -->"
    assert body("<!-- quiz id=a -->\n\nb") == "<!-- (quiz) id=a -->\n\nb"
    assert body("Tabelle: a\n\n| b |\n|---|") == "<span>Tabelle:</span> a\n\n| b |\n|---|"
    assert body("```\n<!-- quiz -->\n```") == "```\n<!-- quiz -->\n```"
