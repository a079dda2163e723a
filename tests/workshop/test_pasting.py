"""Pasted HTML: what each program copies becomes our Markdown, every word stays, nothing takes long."""

import html
import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from learn.markup import render
from learn.markup.model import Html
from learn.workshop.pasting import markdown
from tests.client import CheckingClient, sign_in
from tests.factories import make_person

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office">
<head><style>p.x{color:red}</style></head><body>
<!--StartFragment--><h1>Bericht<o:p></o:p></h1>
<p class=MsoNormal><b><span style='font-size:12.0pt'>Fett</span></b> aus <st1:City
w:st="on">Olpe</st1:City>&nbsp;
hier.<o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if
!supportLists]><span
style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;
</span></span><![endif]>Eins</p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><!--[if !supportLists]--><span
style='mso-list:Ignore'>·<span>&nbsp; </span></span><!--[endif]-->Darunter</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>2.
</span>Zwei</p>
<p class=berschrift2>Zweite &Uuml;berschrift</p>
<table class=MsoTableGrid><tr><td><p class=MsoNormal><b>Kopf</b></p></td><td><p>a|b</p></td></tr>
<tr><td><p>1</p><p>2</p></td><td rowspan=2><p>x</p></td></tr><tr><td>3</td></tr></table>
<p><img src="file:///C:/bild.png" alt="Ein Haus"> <a href="https://www.example.org/a">Seite</a></p>
<!--EndFragment--></body></html>"""
DOCS = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-0"><h2 dir="ltr"><span
style="font-weight:400">Titel</span></h2><p><span style="font-weight:700">Fett</span><span
style="font-weight:400">
 normal </span><span style="font-style:italic">schräg</span></p><ul><li><p
role="presentation"><span>a</span></p></li>
<ul><li aria-level="2"><p><span>b</span></p></li></ul><li><p>c</p></li></ul><br /></b>"""
EXCEL = """<table><!--StartFragment--><col width=80><tr height=20><td>Größe</td><td>Wert</td><td></td></tr>
<tr><td>W&auml;rme</td><td>21,5</td><td></td></tr><tr><td></td><td></td><td></td></tr><!--EndFragment--></table>"""
WEB = """<nav>Menü</nav><article><h3>Eins</h3><p>Ein <a href="/x">Weg</a>,
<code>a`b</code><script>x()</script>.<br>
Zeile<br><br>Absatz</p><pre><code>def f():
    return 1</code></pre><blockquote><p>Zitat</p></blockquote><ol start=3><li>drei<ul><li>x</ul><li>vier</ol>
<p>1. keine Liste<p style="display:none">unsichtbar</p><hr><p>x<sub>2</sub> <del>weg</del></article>"""
OFFICE = """<p align="left" style="line-height: 100%"><font face="Liberation Serif, serif"><b>Hallo</b>
Welt</font></p>
<ul><li><p>eins</p></li><li><p>zwei</p></li></ul><h2 class="western">K * y_ <u>u</u></h2>"""
SAMPLES = {
    WORD: """## Bericht

**Fett** aus Olpe hier.

1. Eins
   - Darunter
2. Zwei

### Zweite Überschrift

| Kopf | a\\|b |
|---|---|
| 1<br>2 | x |
| 3 |  |

\\[Bild: Ein Haus\\] [Seite](https://www.example.org/a)""",
    DOCS: "## Titel\n\n**Fett** normal *schräg*\n\n- a\n  - b\n- c",
    EXCEL: "| Größe | Wert |\n|---|---|\n| Wärme | 21,5 |",
    WEB: """## Eins

Ein Weg, ``a`b``.\\
Zeile

Absatz

```
def f():
    return 1
```

> Zitat

3. drei
   - x
4. vier

1\\. keine Liste

---

x<sub>2</sub> ~~weg~~""",
    OFFICE: "**Hallo** Welt\n\n- eins\n- zwei\n\n## K \\* y\\_ u",
}
NASTY = [
    "**fett** _x_", "a | b \\", "# Titel #", "1. eins", "- [x] fertig", "[x](y)", "![z](w)", "[^a]",
    "`code` ``",
    "&amp; &uuml;", "$x$", "https://example.org/a_b", "www.example.org", "a_b@example.org",
    "<!-- quiz id=a -->",
    "</details>", "---", "|---|", "~~~", "schmuck", "Tabelle: x", "Video: x", "Aus der Praxis: x",
    "[!TIP]", "*", "_",
    "~", "\\", "`", "<", "&lt", "snake_case", "x\u00a0y", "„Ja“", "!", "(", "5. Mai", "  ", "\n", "a",
    "Wort", "http:",
]  # fmt: skip
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(alphabet="ab ü1.)|\\`*_[]<>!#+-=~:&$@^/\n", max_size=12))
INLINE = ["b", "i", "del", "span", "a", "code", "sub", "o:p", "u", "font"]
BLOCK = [
    "p",
    "div",
    "h1",
    "h3",
    "ul",
    "ol",
    "li",
    "blockquote",
    "table",
    "tr",
    "td",
    "th",
    "dl",
    "dd",
    "pre",
    "section",
]


def element(names: list[str]) -> "st.SearchStrategy[str]":
    def around(inner: "st.SearchStrategy[str]") -> "st.SearchStrategy[str]":
        several = st.lists(inner, min_size=1, max_size=4).map("".join)
        href = ' href="https://example.org/x"'
        return st.builds(
            lambda name, content: f"<{name}{href if name == 'a' else ''}>{content}</{name}>",
            st.sampled_from(names),
            several,
        )

    return st.recursive(TEXTS.map(html.escape), around, max_leaves=12)


def visible(source: str) -> str:
    """The letters and signs of the words, without any blank between them."""
    return "".join(html.unescape(re.sub(r"<[^>]*>", "", source)).split())


def rendered(source: str) -> str:
    found = render(source, "kurs", formulas=True)
    assert not [fault for fault in found.faults if fault.code in {"K601", "K201", "K203", "K504", "K204"}], (
        source
    )
    return visible("".join(part.html for part in found.parts if isinstance(part, Html)))


@pytest.mark.parametrize("source", SAMPLES)
def test_each_program_is_understood(source: str) -> None:
    assert markdown(source) == SAMPLES[source]
    found = render(markdown(source), "kurs")
    assert found.faults == ()


@settings(max_examples=100, deadline=None)
@given(element([*INLINE, *BLOCK]))
@example("<b>a</b><b>b</b><i>c</i>d<code>x</code><code>`</code>")
@example("<p>x<b> y </b>z<i>*</i></p><td>a|b<table><tr><td>1<td>2<tr><td>3</table>")
@example("<h1>a<br>b</h1><ul><ul><li><h2>c</h2></ul>d</ul>")
@example("<code>a</code>&lt;b&gt;<a href='https://example.org/x'>https://example.org/x_y_</a>")
def test_no_word_is_lost_and_none_is_read_as_markup(source: str) -> None:
    shown = rendered(markdown(source))
    assert shown.replace("–", "") == visible(source).replace("–", "")


HOSTILE = {
    "deep": "<div><b>" * 50_000 + "Wort",
    "deep lists": "<ul><li>" * 100_000 + "Wort",
    "quotes": "<blockquote>" * 29_000 + "Wort",
    "many": "<b>x</b>" * 60_000 + "Wort",
    "attributes": "<p " + "a=b " * 200_000 + ">Wort",
    "one attribute": f'<p style="{"x:y;" * 200_000}">Wort',
    "comments": "<!--" * 100_000 + "Wort",
    "declarations": "<![" * 100_000 + "Wort",
    "brackets": "<" * 300_000 + "Wort",
    "open": "<a b='" * 100_000 + "Wort",
    "entities": "&am" * 300_000 + "Wort",
    "cells": "<table><tr>" + "<td colspan=9999 rowspan=9999>x" * 20_000 + "Wort",
    "scripts": "<script>" * 100_000 + "Wort",
    "blanks": "<p>" + " " * 900_000 + "Wort",
    "stars": "*" * 500_000 + "Wort",
    "breaks": "<br>" * 29_000 + "Wort",
    "links": "<a href=https://example.org/>x" * 29_000 + "Wort",
    "addresses": "https://a.de " * 70_000 + "Wort",
    "spans": "<span style='font-weight:bold'>x</span>" * 14_000 + "Wort",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_html_takes_little_time(name: str) -> None:
    before = time.process_time()
    made = markdown(HOSTILE[name])
    assert time.process_time() - before < 10, "what grows with the square takes minutes"
    assert "Wort" in made


def test_authors_alone_convert_what_they_paste(client: CheckingClient, db: Session) -> None:
    address = "/werkstatt/einfuegen/umwandeln"
    sign_in(client, make_person(db))
    assert client.submit(address, {"html": "<h1>A</h1>"}).status_code == 403
    sign_in(client, make_person(db, roles=["trainer"]))
    answer = client.submit(address, {"html": "<h1>A</h1><ul><li>b</ul>"})
    assert (answer.status_code, answer.mimetype, answer.text) == (200, "text/markdown", "## A\n\n- b")
    assert client.submit(address, {"html": "x" * 1_100_000}).status_code == 413
