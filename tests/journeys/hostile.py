"""Hostile texts in every place of a lesson, and what of them runs or stands on the page.

The whole application under the same attack: `python -m tests.xss`.
"""

from collections.abc import Iterator, Sequence

import markdown

from learn.markup import render
from learn.markup.model import (
    Exercise,
    Html,
    Link,
    Part,
    Picture,
    PlanPart,
    PlanTable,
    PlanText,
    Question,
    Quiz,
    Unresolved,
)
from tests.xss.browser import Bench, document

# The allow-list of content.md section 2, written down a second time on purpose.
TAGS = """a abbr aside b blockquote br caption code del details div dd dl dt em figcaption figure
    h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p picture pre q s samp section small source span
    strong sub summary sup table tbody td th thead tr u ul"""
ATTRIBUTES = """alt aria-label aria-labelledby checked class colspan data-var dir disabled height href id
    lang loading media open rel role rowspan scope src srcset start tabindex title type width"""
PLACES = {
    "bare": "{}",
    "list": "- eins\n- {}\n",
    "quote": "> {}\n",
    "table": "| a | b |\n|---|---|\n| {} | c |\n",
    "heading": "## {}\n",
    "alert": "> [!NOTE]\n> {}\n",
    "footnote": "Text[^a]\n\n[^a]: {}\n",
    "link": "[Text]({})",
    "link text": "[{}](https://example.org)",
    "image": "![{}](bild.png)",
    "image target": "![Alt]({})",
    "fence": "```html\n{}\n```\n",
    "task": "- [ ] {}\n",
    "details": "<details>\n<summary>{}</summary>\n\n{}\n\n</details>\n",
    "question": (
        "## Kurz geprüft\n\n<!-- quiz id=a -->\n\n### {}\n<!-- frage id=b -->\n\n"
        "1. [x] {}\n   > {}\n2. [ ] b\n\n> {}\n\n<!-- /quiz -->\n"
    ),
    "plan": (
        "<!-- fahrplan id=a -->\n\n- **{}:** {}\n\n| {} | b |\n|---|---|\n| {} | |\n\n<!-- /fahrplan -->\n"
    ),
}


class Anything:
    """Resolves every target to itself, as no real course folder would: the sanitiser stands alone."""

    def picture(self, target: str) -> Picture | Unresolved:
        return Picture(target, 1, 1)

    def link(self, target: str) -> Link | Unresolved:
        return Link(target, target)

    def knows_value(self, _name: str) -> bool:
        return True


def lesson(text: str) -> str:
    """All HTML that a lesson's text leaves in the store."""
    return "\n".join(html for part in render(text, "kurs", Anything()).parts for html in pieces(part))


def pieces(part: Part) -> Iterator[str]:
    """The HTML strings of one part, wherever they stand."""
    if isinstance(part, Html | Exercise):
        yield part.html
    elif isinstance(part, Quiz):
        for question in part.questions:
            yield from asked(question)
    else:
        for piece in part.parts:
            yield from planned(piece)


def asked(question: Question) -> Iterator[str]:
    """The HTML strings of a question."""
    yield from (question.html, question.hint, question.explanation, *question.items)
    for option in question.options:
        yield from (option.html, option.feedback)
    for pair in question.pairs:
        yield from pair


def planned(piece: PlanPart) -> Iterator[str]:
    """The HTML strings of a piece of a Fahrplan; labels and hints are text."""
    if isinstance(piece, PlanText):
        yield piece.html
    elif isinstance(piece, PlanTable):
        yield from piece.columns
        yield from (cell.html for row in piece.rows for cell in row)


def placed(payload: str) -> list[str]:
    """The payload in every place of a lesson."""
    flat = " ".join(payload.splitlines())
    return [form.replace("{}", payload if name == "bare" else flat) for name, form in PLACES.items()]


def attack(bench: Bench, payloads: Sequence[str]) -> tuple[list[str], list[str]]:
    """Texts that ran in spite of the sanitiser, and what stands outside the allow-list."""
    pages = ("</div>\n<div>".join(map(lesson, placed(payload))) for payload in payloads)
    seen = bench.look([document(page) for page in pages], prose="body > div")
    ran = [payload for payload, found in zip(payloads, seen, strict=True) if found.ran]
    odd = [name for found in seen for name in (*found.odd, *sorted(filter(strange, found.inside)))]
    return ran, odd


def strange(name: str) -> bool:
    """Whether an element, or `element attribute`, is none of the list; classes have tests of their own."""
    tag, _, attribute = name.partition(" ")
    return not name.startswith(".") and (
        tag not in TAGS.split() or bool(attribute and attribute not in ATTRIBUTES.split())
    )


def control(bench: Bench, payloads: Sequence[str]) -> int:
    """How many run when Python-Markdown's output is shown as it is."""
    seen = bench.look([document(markdown.markdown(payload)) for payload in payloads])
    return sum(bool(found.ran) for found in seen)
