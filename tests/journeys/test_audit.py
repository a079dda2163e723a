"""Every page passes the checks of the design: axe, reflow, keyboard, targets, preferences, print."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete, select

from learn.accounts.models import Person
from learn.core.access import Actor
from learn.core.db import Database
from learn.courses import queries as shelf
from learn.courses.library import CourseRelease
from learn.learning import bookmarks, figures, notes, service, spots
from learn.learning.models import CourseFigures
from learn.markup.model import Plan
from tests.conftest import make_config
from tests.journeys.audit import Audit
from tests.journeys.conftest import Demo

COURSE = "/kurse/grundlagen"
LESSON = f"{COURSE}/smart-heisst-auch-klug"
PLAN = f"{COURSE}/mein-fahrplan"
QUESTION = "/forum/fragen/1"
OPEN = (
    "/",
    "/kurse",
    "/kurse?q=findetniemand",
    COURSE,
    LESSON,
    f"{LESSON}?fassung=einfach",
    "/kurse/lorawan-reallabor/was-lorawan-kann",
    PLAN,
    f"{PLAN}/fahrplan",
    f"{COURSE}/druck",
    f"{COURSE}/mitnehmen",
    "/pfade",
    "/pfade/smart-city-management",
    "/vokabelheft",
    "/vokabelheft/gateway",
    "/anmelden",
    "/hilfe",
    "/hilfe/markdown",
    "/hilfe/markdown/fragen",
    "/hilfe/markdown/technik",
    "/hilfe/werkstatt",
    "/barrierefreiheit",
    "/barriere-melden",
    "/leichte-sprache",
    "/gebaerdensprache",
    "/datenschutz",
    "/impressum",
    "/konto/darstellung",
    "/kommunen",
    "/kommunen?q=findetniemand",
    "/kommunen/05958004",
    "/was-diese-plattform-nicht-kann",
    "/unterlagen",
    "/unterlagen/dienstvereinbarung",
    "/forum",
    "/forum?ansicht=neu",
    "/forum?ansicht=geloest&groesse=5000&phase=idee",
    "/forum/thema/sensorik",
    QUESTION,
    "/suche?q=sensoren",
    "/suche?q=findetniemand",
)
OWN = (
    "/lernen",
    "/pfade/start-smart",
    "/lernen/gemerkt",
    "/lernen/nachweise",
    "/kurse",
    COURSE,
    LESSON,
    PLAN,
    "/konto/mitteilungen",
    "/klassen",
    "/klassen/1",
    "/forum",
    "/forum?ansicht=ungelesen",
    QUESTION,
    "/forum/fragen/neu",
    "/forum/entwuerfe",
    "/forum/beitraege/1/verlauf",
    "/forum/beitraege/2/melden",
    "/forum/beitraege/1/rueckfragen",
    "/mitteilungen",
    "/konto/feeds",
    "/konto/erinnerung",
    "/suche?q=gateway",
)
STAFF = (
    "/verwaltung",
    "/verwaltung/anfragen",
    "/verwaltung/personen",
    "/verwaltung/personen/1",
    "/verwaltung/personen/1/rollen",
    "/verwaltung/personen/1/sperren",
    "/verwaltung/personen/einlesen",
    "/verwaltung/einladungen/person",
    "/verwaltung/kommunen",
    "/verwaltung/kommunen/05966024",
    "/verwaltung/kommunen/einlesen",
    "/verwaltung/klassen",
    "/verwaltung/klassen/neu",
    "/verwaltung/klassen/1?kommune=so",
    "/verwaltung/klassen/1/link/schliessen",
    "/verwaltung/klassen/1/kommunen/05958004/entfernen",
    "/verwaltung/anmeldedienste/neu",
    "/verwaltung/protokoll",
    "/verwaltung/protokoll/auszug",
    "/verwaltung/meldungen",
    "/verwaltung/moderation",
    "/verwaltung/themen",
    "/verwaltung/themen/sensorik",
    "/verwaltung/unbeantwortet",
    "/kommunen/05958004/kurse/grundlagen",
    "/kommunen/05958004/kurse/grundlagen/smart-heisst-auch-klug/ergaenzung",
    "/werkstatt",
    "/werkstatt/kurse/neu",
    "/werkstatt/kurse/kur_1hyamwmr",
    "/werkstatt/kurse/kur_1hyamwmr/medien",
    "/werkstatt/kurse/kur_1hyamwmr/medien/angaben?path=01-von-der-idee-zum-fahrplan/bilder/stationen.svg",
    "/werkstatt/einlesen",
    "/werkstatt/lektionen/les_q0b44ctc/teilen",
    "/werkstatt/pruefen",
    "/werkstatt/verweise",
    "/werkstatt/lektionen/les_q0b44ctc/ansicht?als=mitte",
    "/werkstatt/kurse/kur_1hyamwmr/freigabe",
    "/werkstatt/kurse/kur_1hyamwmr/veroeffentlichungen",
    "/werkstatt/lektionen/les_q0b44ctc/anmerkungen",
    "/verwaltung/freigaben",
    "/werkstatt/lektionen/les_q0b44ctc",
    "/werkstatt/lektionen/les_q0b44ctc?fassung=einfach",
    "/werkstatt/lektionen/les_q0b44ctc/einfuegen/bild",
    "/werkstatt/lektionen/les_q0b44ctc/einfuegen/frage",
    "/werkstatt/lektionen/les_q0b44ctc/einfuegen/tabelle",
    "/werkstatt/lektionen/les_q0b44ctc/einfuegen/verweis?q=sensoren",
    "/forum/beitraege/1/bearbeiten",
    "/forum/beitraege/2/ausblenden",
    "/forum/fragen/1/eingriffe",
    "/forum/fragen/1/kreis",
    "/forum/fragen/1/schliessen",
    "/forum/fragen/1/verschieben",
    "/forum/fragen/1/zusammenfuehren",
    "/forum/fragen/1/teilen",
)
PAGES = {"": OPEN, "learner": OWN, "coordinator": STAFF}


@pytest.mark.parametrize(("role", "page"), [(role, page) for role, pages in PAGES.items() for page in pages])
def test_a_page_passes_all_checks(audit: Callable[[str], Audit], role: str, page: str) -> None:
    assert audit(role).check(page) == []


def test_figures_of_many_learners_pass_all_checks(audit: Callable[[str], Audit], demo: Demo) -> None:
    count_many(demo)
    assert audit("coordinator").check("/werkstatt/kurse/kur_1hyamwmr/zahlen") == []


def count_many(demo: Demo) -> None:
    """A course of the demo as forty people would leave it."""
    database = Database.of(make_config(demo.instance))
    with database.writing() as session:
        tree = shelf.current_by_id(session, ["kur_1hyamwmr"])["kur_1hyamwmr"].manifest
        counts = {figures.ENROLLED: 40, figures.COMPLETED: 6}
        for place, entry in enumerate(tree.lessons()):
            counts[figures.done(entry.id)] = 40 - 6 * place
            counts[figures.unclear(entry.id, entry.edition)] = 9 * (place % 2)
        session.execute(delete(CourseFigures))
        figures.store(session, tree.course_id, counts)
    database.dispose()


def test_a_lesson_with_notes_and_their_list_pass_all_checks(
    audit: Callable[[str], Audit], demo: Demo
) -> None:
    number = note_much(demo)
    pages = (f"{LESSON}#notizen", "/lernen/gemerkt", f"/lernen/notizen/{number}", PLAN, "/lernen")
    assert [line for page in pages for line in audit("learner").check(page)] == []


def note_much(demo: Demo) -> int:
    """Notes at a lesson and at a heading, bookmarks and a Fahrplan of the demo's learner."""
    database = Database.of(make_config(demo.instance))
    with database.writing() as session:
        own = Person.email_key == demo.people["learner"][0]
        actor = Actor(session.scalars(select(Person.id).where(own)).one())
        release = shelf.course(session, "grundlagen")
        assert isinstance(release, CourseRelease)
        texts = {text.lesson_id: text for text in shelf.lessons(session, release)}
        for entry in release.manifest.lessons():
            text = texts[entry.id]
            for heading in (None, text.headings[0] if text.headings else None):
                spot = spots.spot(release, text, heading)
                bookmarks.keep(session, actor, spot)
                words = "Mit Frau Koch klären,\nwer die Zugänge hat. " * (1 if heading else 40)
                number = notes.add(session, actor, spot, words, f"{entry.id}-{spot.slug}")
        plan = next(part for part in text.parts if isinstance(part, Plan))
        service.save_plan(session, actor, text.lesson_id, plan.id, {plan.labels()[0]: "Im Juni."}, 0)
    database.dispose()
    return number


def test_no_two_pages_bear_the_same_title(audit: Callable[[str], Audit]) -> None:
    assert [line for role, pages in PAGES.items() for line in audit(role).same_titles(pages)] == []


def wrong_sign_in(page: Page) -> None:
    page.goto("/anmelden")
    page.fill("[name=email]", "niemand@example.org")
    page.fill("[name=password]", "ein falsches Passwort")
    page.click("main button[type=submit]")
    expect(page.locator("#fehler")).to_be_focused()


def empty_answer(page: Page) -> None:
    page.goto(LESSON)
    page.locator("form.sc-q button[type=submit]").first.click()
    page.locator("form.sc-q .kern-error").first.wait_for()


def wrong_answer(page: Page) -> None:
    page.goto(LESSON)
    question = page.locator("form.sc-q").first
    for index in range(question.locator("input[name=answer]").count()):
        question.locator("input[name=answer]").nth(index).check()
    question.locator("button[type=submit]").click()
    page.locator("form.sc-q .sc-fb, form.sc-q .sc-verdict, form.sc-q [class*=is-]").first.wait_for()


def empty_report(page: Page) -> None:
    page.goto("/barriere-melden")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#fehler")).to_be_focused()


def missing(page: Page) -> None:
    page.goto("/gibt-es-nicht")


def no_certificate(page: Page) -> None:
    page.goto(f"/nachweise/{'0' * 32}")


AFTER = [wrong_sign_in, empty_answer, wrong_answer, empty_report, missing, no_certificate]


@pytest.mark.parametrize("reach", AFTER)
def test_pages_after_an_action(audit: Callable[[str], Audit], reach: Callable[[Page], None]) -> None:
    assert audit("").after(reach) == []


def test_a_refused_form_says_so_in_title_summary_and_field(browser: Browser, demo: Demo) -> None:
    context = browser.new_context(base_url=demo.base)
    page = context.new_page()
    page.goto("/barriere-melden")
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_title(re.compile("^Fehler:"))
    expect(page.locator("#fehler")).to_be_focused()
    fields = page.locator("[aria-invalid=true]")
    expect(fields).not_to_have_count(0)
    for index in range(fields.count()):
        described = fields.nth(index).get_attribute("aria-describedby") or ""
        words = [page.locator(f"[id='{name}']").inner_text().strip() for name in described.split()]
        assert any(word and word in page.locator("#fehler").inner_text() for word in words)
    context.close()
