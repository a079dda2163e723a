"""Snippets: each construct as content.md has it, and whatever is typed comes out as exactly these words."""

import html
import re
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from learn.markup import render
from learn.markup.answers import solution
from learn.markup.extensions.plan import COLUMNS
from learn.markup.faults import severity
from learn.markup.model import (
    Exercise,
    Html,
    Link,
    Part,
    Picture,
    Plan,
    PlanField,
    PlanTable,
    Quiz,
    Unresolved,
)
from learn.workshop import snippets
from learn.workshop.snippets import Answer, Asked, Field, Grid

NASTY = [
    "--> <!-- /quiz -->", "<!-- frage id=a -->", "**fett** _kursiv_ ~~weg~~", "a | b \\| c \\", "# Titel #",
    "1. eins", "- [x] fertig", "> [!TIP]", "[!TIP]", "[x](y) ![z](w)", "[^a]", "`code` ``",
    "&amp; &#60; &uuml;",
    "$x$ $$y$$", "https://example.org/a_b_c?d=e&f=g.", "(https://example.org/x)", "www.example.org/a*b",
    "a_b@example.org, a.b@example.org", "</details> <script>", "---", "=== x", "|---|", ": x", "~~~", "```",
    "schmuck", "Tabelle: x", "Video: x", "Aus der Praxis: x", "5. Mai", "snake_case __init__ _a", "  vier",
    "Zeile\nzwei", "zwei\n\nAbsätze", "\ta\r\nb", "a\\\nb", "a  \nb", '"x" \'y\' \\"', "10\u00a0µg",
    "x\u2028y", "<https://example.org>", "<b>x</b>", "HTTPS://EXAMPLE.ORG/[x]", "ftp://example.org/*",
    "var:einrichtung", "^[note]", "http://a_b.c_d/x_y_ z_", "https://example.org*", "javascript:alert(1)",
    "\x00\x07\ufeff", "+", "-",
]  # fmt: skip
SIGNS = st.text(
    alphabet=st.sampled_from("ab ü1.)|\\`*_[](){}<>!#+-=~:;&$@^\"'/x\n\u00a0"), min_size=1, max_size=30
)
TYPED = st.one_of(
    st.sampled_from(NASTY),
    SIGNS,
    st.lists(st.sampled_from(NASTY), min_size=2, max_size=3).map(" ".join),
    st.text(max_size=20),
).filter(lambda text: any(char.isalnum() for char in words(text)))
FEW = settings(max_examples=25, deadline=None)


class World:
    """Surroundings in which all pictures and files exist."""

    def picture(self, target: str) -> Picture | Unresolved:  # noqa: ARG002  # any
        return Picture("/medien/" + "a" * 64 + ".png", 10, 10)

    def link(self, target: str) -> Link | Unresolved:
        return Link(f"/kurse/{len(target)}", "les_7k3f9q2m")

    def knows_value(self, name: str) -> bool:  # noqa: ARG002  # any
        return True


def words(text: str) -> str:
    """Visible words as they must appear: control characters gone, white space as one blank."""
    kept = re.sub("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff]", "", text)
    kept = re.sub("[\x1c-\x1f]", "\x1c", kept)
    return " ".join(kept.split())


def shown(source: str, title: str = "") -> str:
    """The words of some HTML."""
    text = re.sub(r"</(?:p|li|td|th|div|summary|figcaption|h\d|tr)>|<br>", " ", source)
    return words(html.unescape(re.sub(r"<[^>]*>", "", text))) + title


def rendered(source: str, *, formulas: bool = True) -> list[Part]:
    """The parts between two paragraphs, which stay apart; no fault blocks publishing."""
    around = f"## Davor\n\nVorher.\n\n{source}\n\nNachher."
    found = render(around, "kurs", World(), formulas=formulas)
    assert [fault for fault in found.faults if severity(fault.code) == "error"] == [], around
    assert not [fault for fault in found.faults if fault.code in {"K601", "K201", "K206"}], around
    parts = list(found.parts)
    first, last = parts[0], parts[-1]
    assert isinstance(first, Html)
    assert isinstance(last, Html)
    assert first.html.startswith('<h2 id="s-davor">Davor</h2>\n<p>Vorher.</p>'), around
    assert last.html.endswith("<p>Nachher.</p>"), around
    return parts


def alone(source: str) -> str:
    """The HTML of the only construct."""
    (part,) = rendered(source)
    assert isinstance(part, Html)
    inner = part.html.removeprefix('<h2 id="s-davor">Davor</h2>\n<p>Vorher.</p>').removesuffix(
        "<p>Nachher.</p>"
    )
    return inner.strip()


def one(source: str) -> Part:
    """The only part between the two paragraphs."""
    _first, part, _last = rendered(source)
    return part


def attribute(source: str, name: str) -> str:
    found = re.search(rf' {name}="([^"]*)"', source)
    assert found
    return html.unescape(found[1])


@FEW
@given(TYPED, TYPED)
@example("[![x](y)", '"')
def test_a_picture_keeps_its_description_and_caption(description: str, caption: str) -> None:
    made = alone(snippets.figure("bilder/a b(1).png", description, caption))
    assert made.startswith('<figure class="sc-figure">')
    assert made.count("<img") == 1
    assert words(attribute(made, "alt")) == words(description.translate(str.maketrans("<>", "‹›")))
    assert shown(made).casefold() == words(caption).casefold()


def test_a_decorative_picture_is_silent() -> None:
    made = alone(snippets.figure("bilder/a.png", "", "", decorative=True))
    assert 'alt=""' in made
    assert "figcaption" not in made


@pytest.mark.parametrize(
    ("parts", "caption"),
    [
        (
            ("Der Sensor", "Stadt Beispiel", "CC BY 4.0"),
            "Der Sensor. Quelle: Stadt Beispiel, Lizenz CC BY 4.0",
        ),
        (("Was misst er?", "Stadt Beispiel", ""), "Was misst er? Quelle: Stadt Beispiel"),
        (("", "", "CC0 1.0"), "Lizenz CC0 1.0"),
        (("Der Sensor", "", ""), "Der Sensor"),
    ],
)
def test_a_caption_names_source_and_licence(parts: tuple[str, str, str], caption: str) -> None:
    assert snippets.credit(*parts) == caption


@FEW
@given(st.lists(TYPED, min_size=2, max_size=3), st.lists(TYPED, min_size=6, max_size=6), TYPED, st.booleans())
def test_a_table_keeps_every_cell(columns: list[str], cells: list[str], caption: str, heads: bool) -> None:
    width = len(columns)
    rows = [cells[at : at + width] for at in range(0, 6, width)]
    made = alone(snippets.table(columns, rows, caption=caption, row_heads=heads))
    found = [shown(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", made, re.DOTALL)]
    assert found == [words(cell) for cell in [*columns, *cells]]
    assert shown(re.findall(r"<caption[^>]*>(.*?)</caption>", made, re.DOTALL)[0]) == words(caption)
    assert made.count('scope="row"') == (len(rows) if heads else 0)
    assert made.count("<table>") == 1


@FEW
@given(st.sampled_from(["note", "tip", "important", "warning", "caution"]), TYPED)
@example("tip", "> [!NOTE]\n\n- x")
def test_a_callout_keeps_its_text(kind: snippets.Callout, text: str) -> None:
    made = alone(snippets.callout(kind, text))
    head, _, rest = made.partition("</p>")
    assert head.startswith(f'<aside class="sc-callout sc-callout--{kind}"')
    assert made.count("<aside") == 1
    assert shown(rest) == words(text)


@FEW
@given(TYPED, TYPED)
@example("x*", "*")
def test_practice_names_the_town(town: str, text: str) -> None:
    made = alone(snippets.callout("praxis", text, town=town))
    head, _, rest = made.partition("</p>")
    assert "sc-callout--town" in head
    assert made.count("<aside") == 1
    assert shown(head) == f"Aus der Praxis: {words(town)}"
    assert shown(rest) == words(text)


@FEW
@given(TYPED, TYPED)
def test_details_fold_their_text(title: str, text: str) -> None:
    made = alone(snippets.details(title, text))
    head, _, rest = made.partition("</summary>")
    assert made.startswith('<details class="sc-details">')
    assert made.count("<details") == 1
    assert (shown(head), shown(rest)) == (words(title), words(text))


@FEW
@given(st.lists(st.tuples(TYPED, TYPED), min_size=2, max_size=3))
def test_tabs_keep_titles_and_texts(sections: list[tuple[str, str]]) -> None:
    made = alone(snippets.tabs(sections))
    found = re.findall(r"<section[^>]*>\n<h3[^>]*>(.*?)</h3>(.*?)</section>", made, re.DOTALL)
    assert [(shown(title), shown(text)) for title, text in found] == [
        (words(a), words(b)) for a, b in sections
    ]


def in_quiz(asked: Asked) -> Quiz:
    part = one(snippets.quiz("probe", [snippets.question(asked)], title="Kurz | geprüft #"))
    assert isinstance(part, Quiz)
    assert (part.id, part.heading) == ("probe", "Kurz | geprüft #")
    (found,) = part.questions
    assert (found.id, found.kind, words(found.text)) == (asked.id, asked.kind, words(asked.text))
    assert shown(found.hint) == words(asked.hint)
    assert shown(found.explanation) == words(asked.explanation)
    return part


@FEW
@given(
    st.sampled_from(["einfach", "mehrfach"]),
    TYPED,
    st.lists(st.tuples(TYPED, st.one_of(st.just(""), TYPED)), min_size=2, max_size=4),
    st.integers(0, 3),
    st.one_of(st.just(""), TYPED),
    st.one_of(st.just(""), TYPED),
)
def test_choices_keep_answers_and_what_is_said(
    kind: str, text: str, given_answers: Sequence[tuple[str, str]], right: int, hint: str, explanation: str
) -> None:
    right %= len(given_answers)
    answers = tuple(Answer(words_, n == right, said) for n, (words_, said) in enumerate(given_answers))
    asked = Asked("f", kind, text, answers=answers, hint=hint, explanation=explanation)  # type: ignore[arg-type]  # of Kind
    options = in_quiz(asked).questions[0].options
    assert [(shown(o.html), o.correct, shown(o.feedback)) for o in options] == [
        (words(a.text), a.correct, words(a.feedback)) for a in answers
    ]


@FEW
@given(TYPED, st.lists(TYPED, min_size=1, max_size=3), TYPED)
def test_accepted_texts_are_kept(text: str, solutions: list[str], hint: str) -> None:
    asked = Asked("f", "text", text, solutions=tuple(solutions), hint=hint)
    assert list(in_quiz(asked).questions[0].solutions) == [words(typed) for typed in solutions]


@pytest.mark.parametrize(
    "typed", ["72 Stunden", "21 bis 23", "21,5 ± 0,5", "-5", "−5 °C", "1.500", "+3", "12 %", "5 $"]
)
def test_numbers_stay_readable(typed: str) -> None:
    asked = Asked("f", "zahl", "Wie viele?", solutions=(typed,), explanation="Darum.")
    (found,) = in_quiz(asked).questions[0].solutions
    assert solution(found) == solution(typed) is not None


@FEW
@given(TYPED, st.lists(TYPED, min_size=3, max_size=5))
def test_the_order_of_items_is_kept(text: str, items: list[str]) -> None:
    found = in_quiz(Asked("f", "reihenfolge", text, items=tuple(items))).questions[0].items
    assert [shown(item) for item in found] == [words(item) for item in items]


@FEW
@given(
    TYPED,
    st.lists(st.tuples(TYPED, TYPED), min_size=2, max_size=4, unique_by=lambda pair: words(pair[1])),
    TYPED,
)
def test_pairs_are_kept(text: str, pairs: list[tuple[str, str]], column: str) -> None:
    asked = Asked("f", "zuordnung", text, pairs=tuple(pairs), columns=(column, "Stelle | Amt"))
    found = in_quiz(asked).questions[0]
    assert [(shown(a), shown(b)) for a, b in found.pairs] == [(words(a), words(b)) for a, b in pairs]
    assert [shown(name) for name in found.columns] == [words(column), "Stelle | Amt"]


@FEW
@given(
    st.lists(st.tuples(TYPED, st.one_of(st.just(""), TYPED)), min_size=1, max_size=4),
    st.lists(TYPED, min_size=2, max_size=COLUMNS, unique_by=words),
    TYPED,
)
def test_a_plan_keeps_fields_and_tables(fields: list[tuple[str, str]], columns: list[str], row: str) -> None:
    named = {words(label).rstrip(": "): (label, hint) for label, hint in fields if words(label).rstrip(": ")}
    parts: list[Field | Grid] = [
        *(Field(*field) for field in named.values()),
        Grid(tuple(columns), ((row, *[""] * (len(columns) - 1)),)),
    ]
    part = one(snippets.plan("plan", parts, title="Mein Plan"))
    assert isinstance(part, Plan)
    assert part.heading == "Mein Plan"
    *texts, grid = part.parts
    assert [(p.label, p.hint) for p in texts if isinstance(p, PlanField)] == [
        (label, words(hint).removeprefix(":").strip()) for label, (_typed, hint) in named.items()
    ]
    assert isinstance(grid, PlanTable)
    assert [shown(name) for name in grid.columns] == [words(c) for c in columns]
    assert [shown(cell.html) for cell in grid.rows[0]] == [words(row), *[""] * (len(columns) - 1)]


@FEW
@given(TYPED, TYPED)
def test_an_exercise_keeps_its_text(title: str, text: str) -> None:
    part = one(snippets.exercise("liste", text, title=title))
    assert isinstance(part, Exercise)
    assert part.id == "liste"
    assert (words(part.heading), shown(part.html)) == (words(title), words(text))


@FEW
@given(
    TYPED,
    st.sampled_from(["../02-b/01-x.md#s", "https://example.org/a(b)_c d|e?x=[y]", "mailto:a@example.org"]),
)
def test_a_link_keeps_its_words(text: str, target: str) -> None:
    made = alone(f"Siehe {snippets.link(text, target)} dort.")
    assert made.count("<a ") == 1
    assert words(shown(re.findall(r"<a [^>]*>(.*?)</a>", made, re.DOTALL)[0])) == words(text)


@FEW
@given(TYPED, TYPED)
def test_a_video_has_its_transcript(title: str, transcript: str) -> None:
    made = alone(snippets.video(title, "https://video.example.org/w/1", length="2:30", transcript=transcript))
    assert made.startswith('<figure class="sc-video">')
    assert made.count("<figure") == 1
    assert f"Video: {words(title)} (2:30)" in shown(made)
    assert shown(made.partition("</summary>")[2]) == words(transcript)


def test_paths_lead_from_one_file_to_another() -> None:
    there = "sensoren/02-netz/01-funk.md"
    assert snippets.relative(there, "sensoren/02-netz/02-standort.md") == "02-standort.md"
    assert snippets.relative(there, "sensoren/glossar.md#raumklima") == "../glossar.md#raumklima"
    assert snippets.relative(there, "glossar.md#x") == "../../glossar.md#x"
    assert snippets.relative("sensoren/kurs.md", "sensoren/bilder/a.png") == "bilder/a.png"


def test_ids_are_made_from_words_and_never_twice() -> None:
    text = '<!-- frage id=welche-groesse typ=zahl -->\n<!-- quiz id="welche-groesse-2" -->'
    assert snippets.fresh("", "Welche Größe hat der Raum?", "frage") == "welche-groesse"
    assert snippets.fresh(text, "Welche Größe hat der Raum?", "frage") == "welche-groesse-3"
    assert snippets.fresh("", "???", "frage") == "frage"
    assert snippets.fresh("", "Ist es so?", "frage") == "ist-es"
