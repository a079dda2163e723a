"""Posts as plain text for mails."""

from typing import Any

import pytest

from learn.forum import plain


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Eins\n zwei</p><p>Drei &amp; vier</p>", ("Eins zwei", "Drei & vier")),
        ("<p>Zeile <br> Zeile</p>", ("Zeile\nZeile",)),
        ("<ul><li>a</li><li>b</li></ul>", ("– a\n– b",)),
        ('<p><a href="https://olpe.example/x">hier</a></p>', ("hier (https://olpe.example/x)",)),
        ('<p><a href="https://olpe.example">https://olpe.example</a></p>', ("https://olpe.example",)),
        ('<p><a href="/kurse">Kurse</a></p>', ("Kurse",)),
        ("<pre><code>a = 1\n  b = 2</code></pre>", ("a = 1\n  b = 2",)),
        ('<p><img src="/medien/forum/1.webp" alt="Ein Sensor"></p>', ("[Bild: Ein Sensor]",)),
        ("<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>", ("A | B", "1 | 2")),
        ("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", ("<script>alert(1)</script>",)),
        ("<p> </p>", ()),
    ],
)
def test_html_becomes_paragraphs(html: str, expected: tuple[str, ...]) -> None:
    parts: list[dict[str, Any]] = [{"html": html}]
    assert plain.paragraphs(parts) == expected


def test_quoted_words_stay_behind() -> None:
    parts: list[dict[str, Any]] = [
        {"quote": {"post": 1, "revision": 1, "html": "<p>Geheim</p>"}},
        {"html": "<p>Dazu:</p>"},
    ]
    assert plain.paragraphs(parts) == (plain.QUOTE, "Dazu:")
