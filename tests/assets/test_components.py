"""Each macro renders valid HTML with unique ids from sample values, and says what its page needs."""

import re
from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace as Values
from typing import Any

import html5lib
import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined
from markupsafe import Markup

from learn.assets import build

DAY = date(2026, 6, 9)
ROW = Values(
    href="/kurse/a/b", title="Netz & Werk", minutes=8, state="done", current=False, note="neu gefasst"
)
LESSONS = [
    Values(**vars(ROW), word="neu gefasst", optional=False),
    Values(**{**vars(ROW), "state": "next", "current": True, "note": ""}, word="", optional=True),
    Values(**{**vars(ROW), "state": "", "note": ""}, word="", optional=False),
]
MODULE = Values(
    number=1, title="Netz", minutes=24, outcome="Sie wissen es.", html=Markup("<p>Text</p>"), lessons=LESSONS
)
PROGRESS = Values(done=3, total=9, minutes_left=45, text="3 von 9 Lektionen")
COURSE = Values(
    href="/kurse/a",
    title="Kurs <A>",
    outcome="Ein Satz.",
    topic="Sensorik",
    topics=["sensorik"],
    picture="",
    minutes=75,
    lessons=9,
    town="Stadt Lindenhagen",
    easy=True,
    progress=PROGRESS,
)
EXERCISE = Values(id="liste", heading="", slug="", html=Markup("<p>Schreiben Sie.</p>"))
PLAN = Values(
    id="plan",
    heading="",
    slug="",
    parts=[
        Values(label="Anlass", hint="Was stört?"),
        Values(html=Markup("<p>Dazwischen.</p>")),
        Values(
            columns=("Schritt", "Wer", "Wann"),
            rows=[
                [
                    Values(html=Markup("<em>A</em>"), label=""),
                    Values(html="", label="Wer: A"),
                    Values(html="Mai", label=""),
                ],
                [Values(html="", label="S2"), Values(html="", label="W2"), Values(html="", label="Z2")],
            ],
        ),
    ],
)


def state(**values: Any) -> Values:
    """A state of a question, nothing judged unless said."""
    blank: dict[str, Any] = {
        "answer": "",
        "verdict": "",
        "marks": {},
        "feedback": [],
        "href": "",
        "link": "",
        "error": "",
        "newer": "",
    }
    return Values(**(blank | values))


def asked(kind: str) -> Values:
    """A question of the kind."""
    return Values(
        id=f"q-{kind}",
        kind=kind,
        title=Markup("Wozu <em>das</em>?"),
        hint=Markup("<p>Tipp</p>"),
        options=[(0, Markup("Eins")), (1, Markup("Zwei"))],
        items=[(1, Markup("B")), (0, Markup("A"))],
        choices=[(1, "Rechts"), (0, "Links")],
    )


KINDS = ("einfach", "mehrfach", "zahl", "text", "reihenfolge", "zuordnung")
ANSWERS: Mapping[str, Any] = {
    "einfach": [1],
    "mehrfach": ["0", "1"],
    "zahl": "21,5",
    "text": '"x"',
    "reihenfolge": {0: 1, 1: 2},
    "zuordnung": {"0": "1", "1": "0"},
}


@pytest.fixture(scope="module")
def environment() -> Environment:
    """Templates with plain stand-ins for what the application registers; undefined names fail."""
    env = Environment(
        loader=FileSystemLoader(build.LEARN / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(
        asset=lambda name: f"/static/{name}",
        csrf_token=lambda: "token",
        nonce=lambda: "nonce",
        day=lambda day: f"{day.day}. Juni {day.year}",
        month=lambda month: month,
        minutes=lambda number: f"{number} Minuten",
        minutes_left=lambda: None,
        get_flashed_messages=lambda **_: [("success", "Gespeichert.")],
        rescued=lambda: None,
    )
    return env


def checked(html: str) -> str:
    """The HTML, after a strict parse, with unique ids and no reference to a missing one."""
    if not html.lstrip().startswith("<!doctype"):
        html = f'<!doctype html><html lang="de"><head><title>t</title></head><body>{html}</body></html>'
    html5lib.HTMLParser(strict=True).parse(html)
    ids = re.findall(r'\sid="([^"]*)"', html)
    assert len(ids) == len(set(ids)), "ids used twice"
    for names in re.findall(r'\s(?:for|aria-labelledby|aria-describedby|popovertarget)="([^"]*)"', html):
        assert names.split(), "empty reference"
        assert set(names.split()) <= set(ids), names
    return html


def drawn(environment: Environment, file: str, call: str, **values: Any) -> str:
    """What `call`, a macro of components/`file`, gives."""
    macro = re.match(r"\w+", call)
    assert macro
    source = f'{{% from "components/{file}.html" import {macro[0]} %}}{{{{ {call} }}}}'
    return checked(environment.from_string(source).render(values))


CALLS = [
    ("alert", 'alert("Fertig & gut", "warning", "/a", "Lesen")', 'role="status"'),
    ("alert", 'alert("Unbekannt", "message")', "kern-alert--info"),
    ("alert", 'note("Ausgabe 1")', "sc-note"),
    ("breadcrumb", 'breadcrumb([("/kurse", "Kurse")])', "<nav"),
    ("button", 'button("Weiter", href="/a", icon="next", suffix=": Kurs")', "<a "),
    ("button", 'button("Löschen", "danger", name="n", value="v")', 'name="n" value="v"'),
    ("button", 'post_button("Los", "/a", {"edition": 2})', 'name="csrf_token"'),
    ("chips", 'chips("Thema", "thema", [("", "Alle"), ("a", "A")], "a")', "checked"),
    ("chips", 'chip_links("Thema", [("/a", "A", true)])', 'aria-current="true"'),
    ("chips", 'segments("Farben", "theme", [("hell", "Hell")], "hell")', "<legend"),
    ("confirmation", 'confirmation("Weg?", "Alles.", "/a", "Weg", "/b", {"k": 1})', 'name="k"'),
    ("course_card", "course_card(course)", "Kurs &lt;A&gt;"),
    ("suggestion", "suggestion(course)", "sc-mini"),
    ("empty", 'empty("Nichts.", "Suchen.")', "sc-empty"),
    ("error_summary", 'error_summary("Noch nicht", [("", "Satz.")])', 'tabindex="-1" id="fehler" autofocus'),
    ("exercise", 'exercise(exercise, "/a", "/b", 2, 1, "r")', 'name="exercise" value="liste"'),
    ("exercise", 'exercise(exercise, "/a", "/b", 2, 1, "r", done_on=day_)', "Erledigt am 9. Juni 2026"),
    ("exercise", "exercise(exercise)", "Ohne Abgabe."),
    ("finish", 'finish("/a", 2, 1, "r", "Danach", 6)', 'name="pass" value="1"'),
    ("finish", 'finish("/a", 2, 1, "r")', "Danach ist der Kurs abgeschlossen"),
    ("finish", 'finished(day_, "/a", 2, 1, "r", "/n", "Danach", again="/c")', "Als offen markieren"),
    ("finish", 'previous("/a", "Davor")', "sc-prev"),
    ("lesson_head", 'lesson_tools("/a", easy_href="/a?fassung=einfach", print_href="/d")', "data-print"),
    ("lesson_head", 'lesson_meta(8, "Soest", "2026-09")', "Geprüft im 2026-09"),
    ("lesson_head", 'goals(["eins", "zwei"])', "<li>eins</li>"),
    ("lesson_head", 'ticks(["eins"])', "sc-ticks"),
    ("meta", 'meta([("clock", "8 Minuten"), ("city", "")])', "8 Minuten"),
    ("meta", 'facts([("Ausgabe", 3), ("Leer", "")])', "<dt>Ausgabe</dt>"),
    ("meta", 'state("Fertig", "ok")', "sc-state--ok"),
    ("outline", 'outline("/a", "Kurs", [module], progress)', 'aria-current="page"'),
    ("outline", 'outline("/a", "Kurs", [module])', "kursinhalt"),
    ("pager", 'pager("/a?nach=x", "Weitere Kurse")', 'rel="next"'),
    ("plan", 'plan(plan, "/a", 3, {1: "<b>"}, print_href="/p", saved_on=day_)', 'name="field-5"'),
    (
        "plan",
        'plan(plan, "/a", 3, errors={2: "Kürzen."}, conflict={"A": ("alt", "neu")})',
        'aria-invalid="true"',
    ),
    ("plan", 'plan(plan, "/a", 3, signed_in=false, former=[("Alt", "x")])', "Anmelden und speichern"),
    ("plan", 'plan_sheet(plan, {1: "eins\\nzwei", 3: "drei"}, [("Alt", "x")])', "eins<br>zwei"),
    ("progress", 'progress(3, 9, "Fortschritt", minutes_left=45, extra="Nur Sie.")', "noch etwa 45 Minuten"),
    ("resume_card", 'resume_card("Kurs", "Lektion 4", "/a", 3, 9, 45)', "Weiterlernen"),
    ("resume_card", 'resume_card("Lektion", "8 Minuten", "/a", heading="pre")', 'h2 class="sc-resume__pre"'),
    ("resume_card", 'continue_card("Kurs", "Lektion 4", "/a", 3, 9, 45, "/p.svg")', "sc-cont"),
    ("resume_card", 'continue_row("/a", "Kurs", "Lektion", 1, 8, 50)', "<progress"),
    ("resume_card", 'done_row("/a", "Kurs", "Am 9. Juni", "/b", "Lesen", ": Kurs")', "sc-row--done"),
    ("tabs", 'tabs("Ansicht", [("/a", "A", true), ("/b", "B", false)])', 'aria-current="page"'),
    ("task_list", "task_list([module])", "Als Nächstes, freiwillig"),
    ("task_list", 'test_row("/a", "Test", "4 von 5", "done")', "Abgeschlossen"),
    ("topic_picture", 'topic_picture(["nie", "it-sicherheit"])', "/static/thema-schutz.svg"),
    ("topic_picture", 'topic_picture(["klima"], "/medien/x.svg")', "/medien/x.svg"),
    ("topic_picture", "topic_picture()", "/static/thema-kurs.svg"),
]


@pytest.mark.parametrize(
    ("file", "call", "part"), CALLS, ids=[f"{file}: {call[:40]}" for file, call, _ in CALLS]
)
def test_macros_render_valid_html(environment: Environment, file: str, call: str, part: str) -> None:
    values = {
        "course": COURSE,
        "module": MODULE,
        "progress": PROGRESS,
        "plan_": PLAN,
        "exercise_": EXERCISE,
        "day_": DAY,
    }
    call = re.sub(r"(?<=\()(plan|exercise)(?=[,)])", r"\1_", call)
    assert part in drawn(environment, file, call, **values)


@pytest.mark.parametrize("kind", ["text", "email", "password", "textarea", "select", "checkbox"])
def test_fields_join_label_hint_and_fault(environment: Environment, kind: str) -> None:
    call = f'field("feld", "Name", "{kind}", "b", hint="Tipp", error="Schreiben Sie.", options=[("b", "B")])'
    html = drawn(environment, "field", call)
    assert 'for="feld"' in html
    assert 'aria-describedby="feld-e feld-h"' in html
    assert 'aria-invalid="true"' in html
    assert 'value="b"' not in html or kind != "password"


@pytest.mark.parametrize("kind", KINDS)
def test_questions_do_not_tell_the_answer(environment: Environment, kind: str) -> None:
    html = drawn(environment, "question", 'question(q, "/pruefen", 3, 1)', q=asked(kind))
    assert 'name="question" value="q-' in html
    assert not re.search(r"checked|is-hit|Richtig|Passt nicht", html)
    wanted = ["answer-0", "answer-1"] if kind in {"reihenfolge", "zuordnung"} else ["answer"]
    assert sorted(set(re.findall(r'name="(answer[^"]*)"', html))) == wanted


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("verdict", "word"), [("richtig", "Richtig"), ("fast", "Fast"), ("falsch", "Passt nicht")]
)
def test_verdicts_are_words(environment: Environment, kind: str, verdict: str, word: str) -> None:
    judged = state(
        answer=ANSWERS[kind],
        verdict=verdict,
        marks={0: True, 1: verdict == "richtig"},
        feedback=[Markup("<p>Weil.</p>")],
        href="#s-a",
        link="Abschnitt",
        newer="/neu",
    )
    html = drawn(environment, "question", 'question(q, "/pruefen", 3, 0, state)', q=asked(kind), state=judged)
    assert f"<b>{word}</b>" in html
    assert "<p>Weil.</p>" in html
    assert ("Noch einmal prüfen" in html) == (verdict != "richtig")


@pytest.mark.parametrize("kind", KINDS)
def test_empty_answers_name_their_fault(environment: Environment, kind: str) -> None:
    blank = state(answer={} if kind in {"reihenfolge", "zuordnung"} else "", error="Wählen Sie eine Antwort.")
    html = drawn(environment, "question", 'question(q, "/pruefen", 3, 1, state)', q=asked(kind), state=blank)
    assert 'aria-invalid="true"' in html
    assert f'id="q-q-{kind}-e"' in html
    assert "sc-feedback" not in html


def test_a_section_of_questions_has_unique_ids(environment: Environment) -> None:
    section = Values(id="alle", heading="", slug="", questions=[asked(kind) for kind in KINDS])
    html = drawn(environment, "question", 'quiz(section, "/pruefen", 3)', section=section)
    assert "6 Fragen." in html
    assert "Kurz geprüft" in html


def page_values(**values: Any) -> dict[str, Any]:
    """What every page gets."""
    usual: dict[str, Any] = {
        "network_name": "Smart Cities: Schule",
        "demo": False,
        "contact": "hilfe@example.org",
        "plain": False,
        "actor": Values(signed_in=False, name="", roles=frozenset()),
        "badge": Values(count=0, more=False, address=""),
        "request": Values(path="/kurse"),
        "display": Values(theme="system", text="normal", motion="system"),
    }
    return usual | values


PAGE = (
    '{% extends "base.html" %}{% block title %}Kurse{% endblock %}'
    "{% block main %}<h1>Kurse</h1>{% endblock %}"
)


def test_the_frame_is_valid_and_shows_visitors_their_menu(environment: Environment) -> None:
    html = checked(environment.from_string(PAGE).render(page_values()))
    assert "<title>Kurse – Smart Cities: Schule</title>" in html
    assert '<a href="/kurse" aria-current="page">' in html
    assert "/lernen" not in html
    assert "/anmelden" in html
    assert 'content="light dark"' in html
    assert html.count('role="status"') == 1


def test_the_frame_shows_learners_theirs(environment: Environment) -> None:
    signed_in = Values(signed_in=True, name="Jana <Hellweg>", roles=frozenset())
    html = checked(environment.from_string(PAGE).render(page_values(actor=signed_in, demo=True)))
    assert "/lernen" in html
    assert 'action="/abmelden"' in html
    assert "Jana &lt;Hellweg&gt;" in html
    assert "erfunden" in html


def test_the_frame_follows_the_settings(environment: Environment) -> None:
    chosen = Values(theme="dunkel", text="sehr-gross", motion="aus")
    html = checked(environment.from_string(PAGE).render(page_values(display=chosen, plain=True)))
    assert '<html lang="de" data-kern-theme="dark" data-text="sehr-gross" data-motion="aus">' in html
    assert '<meta name="color-scheme" content="dark">' in html
    assert "Hauptmenü" not in html


def test_a_lesson_has_its_outline_and_bar(environment: Environment) -> None:
    source = (
        '{% extends "base.html" %}{% from "components/outline.html" import outline as column, player_bar %}'
        "{% block title %}L{% endblock %}{% block body_class %}sc-player-page{% endblock %}"
        "{% block bar %}{{ player_bar(4, 9, progress) }}{% endblock %}"
        '{% block outline %}{{ column("/a", "Kurs", [module], progress) }}{% endblock %}'
        "{% block main_lang %}de-simple{% endblock %}{% block main %}<h1>L</h1>{% endblock %}"
    )
    html = checked(environment.from_string(source).render(page_values(module=MODULE, progress=PROGRESS)))
    assert '<body class="sc-player-page">' in html
    assert '<main id="inhalt" tabindex="-1" class="sc-main" lang="de-simple">' in html
    assert "Lektion 4 von 9" in html


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 422, 429])
def test_error_pages_say_what_to_do_and_whom_to_ask(environment: Environment, status: int) -> None:
    values = page_values(reference="7f3a91c2", message="Die Ausgabe gibt es nicht.", retry_after=840)
    html = checked(environment.get_template(f"errors/{status}.html").render(values))
    assert html.count("<h1") == 1
    assert "7f3a91c2" in html
    assert "hilfe@example.org" in html
    assert "bitte" not in html.lower()
    assert ("in 14 Minuten" in html) == (status == 429)
    assert ("/vokabelheft" in html.split("<main")[1]) == (status == 404)


def test_error_pages_need_no_values_of_their_own(environment: Environment) -> None:
    lenient = environment.overlay(undefined=Undefined)
    html = lenient.get_template("errors/429.html").render(page_values(contact=""))
    assert "in 1 Minuten" in html
    assert '<a href="/hilfe">' in html.split("<main")[1]


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_static_error_pages_are_valid(name: str) -> None:
    text = (build.LEARN / "templates" / "errors" / name).read_text(encoding="utf-8")
    checked(text)
    assert "{{" not in text
    assert "{%" not in text
