"""Help for authors: every construct with source and result, all keys and faults, nothing to send."""

import re
from pathlib import Path

import pytest
from flask import Flask
from markupsafe import Markup
from sqlalchemy.orm import Session

from learn.config import Config
from learn.courses import frontmatter, heads
from learn.markup import faults, render
from learn.markup.addresses import OwnAddresses
from learn.markup.examples import SECTIONS, constructs
from learn.site import writing_help
from tests.client import CheckingClient, sign_in
from tests.factories import make_person

ADDRESS = "/hilfe/markdown"
PAGES = ["", "/kopf", "/befunde", *(f"/{name}" for name in SECTIONS)]


def main(client: CheckingClient, page: str) -> str:
    answer = client.get(ADDRESS + page)
    assert answer.status_code == 200
    return answer.text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("page", PAGES)
def test_nothing_can_be_sent_and_links_lead_somewhere(client: CheckingClient, page: str) -> None:
    found = main(client, page)
    assert "<form" not in found
    assert "csrf_token" not in found
    ids = set(re.findall(r' id="([^"]+)"', found))
    assert set(re.findall(r' href="#([^"]+)"', found)) <= ids
    for address in set(re.findall(r' href="(/hilfe/[^"]+)"', found)):
        path, _, place = address.partition("#")
        target = client.get(path)
        assert target.status_code == 200
        assert not place or f'id="{place}"' in target.text


@pytest.mark.parametrize("section", SECTIONS)
def test_each_construct_shows_source_and_result(client: CheckingClient, section: str) -> None:
    found = main(client, f"/{section}")
    for construct in constructs():
        if construct.section == section:
            assert f'<h2 class="sc-h2" id="{construct.name}">{construct.title}</h2>' in found
            for entry in (*construct.examples, *construct.wrong):
                assert str(Markup.escape(entry.source)) in found
            for wrong in construct.wrong:
                assert str(Markup.escape(wrong.sentence)) in found


def test_results_are_drawn_as_lessons_draw_them(client: CheckingClient) -> None:
    assert '<aside class="sc-callout sc-callout--tip" role="note">' in main(client, "/hervorheben")
    assert '<img src="/static/start.' in main(client, "/bilder")
    assert main(client, "/fragen").count('<section class="sc-quiz"') == 6
    assert '<section class="sc-plan" id="fahrplan-fahrplan-1-plan"' in main(client, "/aufgaben")
    assert '<math alttext="21,5">' in main(client, "/technik")


def test_the_contents_name_every_construct(client: CheckingClient) -> None:
    found = main(client, "")
    assert all(construct.title in found for construct in constructs())


def test_every_fault_is_explained(client: CheckingClient) -> None:
    explained = writing_help.findings()
    assert [finding.code for finding in explained] == list(faults.FAULTS)
    assert all(finding.meaning.endswith(".") and finding.advice for finding in explained)
    found = main(client, "/befunde")
    assert all(f'<tr id="{code.lower()}">' in found for code in faults.FAULTS)


def test_every_key_of_every_file_is_explained(client: CheckingClient) -> None:
    tables = {kind: [str(row[0]) for row in rows] for kind, _title, rows in writing_help.front_keys()}
    assert {kind: sorted(names) for kind, names in tables.items()} == {
        kind: sorted(table) for kind, table in heads.KEYS.items()
    }
    found = main(client, "/kopf")
    assert "<dt><code>erneut_ab</code></dt>" in found
    assert "<small>1 bis 60, zum Beispiel <code>8min</code></small>" in found


def test_the_first_lesson_is_without_fault_once_it_has_ids() -> None:
    text = (writing_help.FOLDER / "beginn.md").read_text(encoding="utf-8")
    lesson = text.split("```text\n")[1].split("```")[0]
    front = frontmatter.split(lesson.replace("titel:", "id: les_7k3f9q2m\ntitel:"))
    assert heads.read(front, "lektion").faults == ()
    body = lesson.split("---\n")[2].replace("<!-- quiz -->", "<!-- quiz id=a -->")
    assert render(body.replace("<!-- frage -->", "<!-- frage id=b -->"), "kurs").faults == ()


def test_our_own_texts_render_without_fault() -> None:
    for name in ("beginn", "kopf"):
        source = (writing_help.FOLDER / f"{name}.md").read_text(encoding="utf-8")
        assert render(source, "kurs", OwnAddresses(), kind="kurs").faults == ()


def test_it_stays_where_the_operator_replaces_the_help(app: Flask, client: CheckingClient) -> None:
    assert f'href="{ADDRESS}"' in client.get("/hilfe").text
    config: Config = app.extensions["learn.config"]
    own = Path(config.instance) / "seiten" / "hilfe.md"
    own.write_text("# Unsere Hilfe\n", encoding="utf-8")
    try:
        assert client.get(ADDRESS).status_code == 200
    finally:
        own.unlink()


def test_other_addresses_are_not_found(client: CheckingClient) -> None:
    assert client.get(f"{ADDRESS}/quatsch").status_code == 404


def test_trainers_find_it_where_they_look_after_a_klasse(client: CheckingClient, db: Session) -> None:
    sign_in(client, make_person(db, roles=["trainer"]))
    assert f'href="{ADDRESS}"' in client.get("/klassen").text
    sign_in(client, make_person(db))
    assert f'href="{ADDRESS}"' not in client.get("/klassen").text


def test_how_to_work_in_the_workshop_is_told_to_everybody(client: CheckingClient) -> None:
    page = client.get("/hilfe/werkstatt").text
    assert "Die Stände eines Kurses" in page
    assert 'href="/hilfe/werkstatt"' in client.get("/hilfe").text
