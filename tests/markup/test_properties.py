"""What holds for every text: no exception, lines within the text, ids unique, clean and balanced HTML."""

import re

import html5lib
from hypothesis import given
from hypothesis import strategies as st

from learn.markup import render
from learn.markup.model import Exercise, Html, Rendered
from learn.markup.sanitise import TAGS, sanitise
from learn.markup.tokens import apart
from tests.markup.support import World, lesson

WORDS = (
    "a b Ä # ## \n \n\n \t  - * 1. > ` ``` ~~~ ~~ ** _ [ ] ( ) ![ [^x] [^x]: [a]: [x] | |-|- : < > "
    "</ & &amp; \\ $ $$ <details> <summary> </summary> </details> "
    "<b> </b> <script> <div> <td> <p> <!-- --> <!--quiz"
)
BITS = [
    *WORDS.split(" "),
    " ",
    "    ",
    "\n> [!TIP]\n",
    "\n\n<!-- quiz id=q -->\n\n",
    "\n<!-- frage id=f -->\n",
    "\n\n<!-- /quiz -->\n\n",
    "\n\n<!-- fahrplan id=p -->\n\n",
    "\n\n<!-- /fahrplan -->\n\n",
    "\n\n<!-- tabs -->\n\n",
    "\n\n<!-- /tabs -->\n\n",
    "\n- [x] ",
    "\n|a|b|\n|-|-|\n|",
    "(var:x)",
    "(bilder/b.png)",
    "https://a.example",
    "javascript:x",
    "\r",
    "\x00",
    "\x02",
    "\u2028",
    "\ud800",
]
TEXTS = st.lists(st.sampled_from(BITS), max_size=40).map("".join)
KINDS = st.sampled_from(["lektion", "kurs", "modul", "glossar", "fragen", "einfach", "beitrag"])


def pieces(found: Rendered) -> list[str]:
    html = [part.html for part in found.parts if isinstance(part, Html | Exercise)]
    return html + [term.html for term in found.terms]


@given(TEXTS, KINDS)
def test_any_text_gives_clean_parts(text: str, kind: str) -> None:
    found = render(text, "kurs", World(), kind=kind, formulas=True, first_line=3)  # type: ignore[arg-type]  # a kind
    last = 3 + len(re.split(r"\r\n|\r|\n", text))
    assert all(3 <= fault.line <= last for fault in found.faults)
    for html in pieces(found):
        assert apart(html, sanitise).strip() == html
        tree = html5lib.parseFragment(re.sub(r"<math .*?</math>", "", html), namespaceHTMLElements=False)
        assert {node.tag for node in tree.iter()} <= TAGS | {"DOCUMENT_FRAGMENT"}


@given(TEXTS)
def test_ids_are_unique(text: str) -> None:
    ids = re.findall(r' id="([^"]*)"', "".join(pieces(lesson(text))))
    assert len(ids) == len(set(ids))


@given(st.text(), st.sampled_from(["kurs", "beitrag", "gfm"]))
def test_no_text_raises(text: str, profile: str) -> None:
    render(text, profile)  # type: ignore[arg-type]  # a profile
    render(text.replace("a", "\n").replace("b", "> "), profile)  # type: ignore[arg-type]


@given(TEXTS)
def test_the_same_text_gives_the_same_result(text: str) -> None:
    assert lesson(text) == lesson(text)
