"""Sanitised HTML becomes blocks: nothing is lost, nothing is invented."""

from typing import Any

import pytest

from learn.site.printable import Block, blocks

BASE = "https://lernen.example/"


def texts(value: Any) -> str:
    """All text of blocks or spans, in order."""
    if isinstance(value, dict):
        own = str(value.get("text", "")) + str(value.get("caption", ""))
        return own + "".join(texts(value[key]) for key in value if isinstance(value[key], list))
    return "".join(texts(each) for each in value) if isinstance(value, list) else ""


def paragraph(text: str) -> Block:
    return {"kind": "paragraph", "spans": [{"kind": "text", "text": text}]}


def test_emphasis_code_breaks_and_links() -> None:
    html = '<p>Ein <strong>sehr <em>enges</em></strong> <code>a_b</code><br><a href="/hilfe">Hilfe</a></p>'
    [found] = blocks(html, BASE)
    assert found["spans"] == [
        {"kind": "text", "text": "Ein "},
        {
            "kind": "strong",
            "spans": [
                {"kind": "text", "text": "sehr "},
                {"kind": "emph", "spans": [{"kind": "text", "text": "enges"}]},
            ],
        },
        {"kind": "text", "text": " "},
        {"kind": "code", "text": "a_b"},
        {"kind": "break"},
        {
            "kind": "link",
            "href": "https://lernen.example/hilfe",
            "spans": [{"kind": "text", "text": "Hilfe"}],
        },
    ]


def test_headings_begin_one_level_higher_because_the_title_stands_apart() -> None:
    found = blocks('<h2 id="s-a">Eins</h2><h3>Zwei</h3>', BASE)
    assert [(block["kind"], block["level"]) for block in found] == [("heading", 1), ("heading", 2)]


def test_lists_within_lists_keep_their_start() -> None:
    [found] = blocks('<ol start="3"><li>drei\n<ul><li>a</li></ul></li><li><p>vier</p></li></ol>', BASE)
    assert (found["ordered"], found["start"]) == (True, 3)
    inner = {"kind": "list", "ordered": False, "start": 1, "items": [[paragraph("a")]]}
    assert found["items"] == [[paragraph("drei"), inner], [paragraph("vier")]]


def test_tables_give_room_by_their_longest_text() -> None:
    html = (
        '<div class="sc-tablewrap"><table><caption>Daten</caption>'
        "<thead><tr><th>Was</th><th>Wo</th></tr></thead>"
        f"<tbody><tr><td>x</td><td>{'lang ' * 30}</td></tr></tbody></table></div>"
    )
    [found] = blocks(html, BASE)
    assert found["caption"] == "Daten"
    assert found["widths"] == [14, 60]
    assert texts(found["head"]) == "WasWo"
    assert len(found["rows"]) == 1


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<aside><p>Hinweis</p><p>Text</p></aside>", "HinweisText"),
        ("<section><p>a<sup>2</sup> <del>b</del></p></section>", "a2 b"),
        ("loser Text<p>Absatz</p>mehr", "loser TextAbsatzmehr"),
        ("<blockquote><p>&lt;b&gt; &amp; „x“</p></blockquote>", "<b> & „x“"),
        ('<p><a href="#fn-1">1</a> <input type="checkbox"> offen</p>', "1  offen"),
        ("<p>10\u00a0km\n  weit</p>", "10\u00a0km weit"),
    ],
)
def test_text_of_other_elements_stays(html: str, words: str) -> None:
    assert texts(blocks(html, BASE)) == words


def test_a_rule_is_a_rule() -> None:
    assert blocks("<hr>", BASE) == [{"kind": "rule"}]
