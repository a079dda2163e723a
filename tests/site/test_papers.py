"""Drafts for staff council and data protection: complete, marked as drafts, as page, Markdown and PDF."""

import re

import pytest
from flask import Flask

from learn.core import paper, register
from learn.site import papers
from learn.site.papers import PAPERS
from tests.client import CheckingClient
from tests.core.pdf_text import text_of

NAMES = [each.name for each in PAPERS]
NUMBERED = r"^## (?:§ )?(\d+)\.? "
DUTIES_OF_A_PROCESSOR = {  # GDPR article 28 (3), letter by letter, then (2), (4), (9) and 33 (2)
    "a": "nur auf dokumentierte Weisung",
    "b": "zur Vertraulichkeit verpflichtet",
    "c": "Art. 32 DSGVO",
    "d": "Weitere Auftragsverarbeiter",
    "e": "Kapitel III DSGVO",
    "f": "Art. 32 bis 36 DSGVO",
    "g": "löscht der Auftragsverarbeiter alle personenbezogenen Daten oder gibt sie zurück",
    "h": "Überprüfungen einschließlich Inspektionen",
    "unlawful": "Hält der Auftragsverarbeiter eine Weisung für rechtswidrig",
    "objection": "kann widersprechen",
    "same duties": "dieselben Datenschutzpflichten",
    "form": "Art. 28 Abs. 9 DSGVO",
    "breach": "unverzüglich, nachdem sie ihm bekannt wird",
}


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Each test makes its PDFs itself."""
    papers.pdf.cache_clear()


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_all_are_listed_with_their_use(client: CheckingClient) -> None:
    page = client.get("/unterlagen").text
    for each in PAPERS:
        assert f'<a href="/unterlagen/{each.name}">{each.title}</a>' in page
        assert each.use in page
        assert f'href="/unterlagen/{each.name}.pdf"' in page
        assert f'href="/unterlagen/{each.name}.md"' in page


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_page_that_says_it_is_a_draft(app: Flask, client: CheckingClient, name: str) -> None:
    page = client.get(f"/unterlagen/{name}").text
    source = papers.markdown(name)
    assert source.startswith(f"# {papers.named(name).title}\n")
    assert source.count("# " + papers.named(name).title) == page.count("<h1") == 1
    assert "keine Rechtsberatung" in page
    assert re.search(r"\[[^\]\d][^\]]+\](?!\()", source)  # something to fill in
    assert papers.TABLES not in page
    for link in re.findall(r'<a href="(/[^"]*)"', page):
        assert app.url_map.bind("localhost").test(link, "GET"), link


@pytest.mark.parametrize("name", NAMES)
def test_paragraphs_are_numbered_without_gaps(name: str) -> None:
    numbers = [int(found) for found in re.findall(NUMBERED, papers.markdown(name), re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 5


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_tagged_pdf_with_all_its_words(client: CheckingClient, name: str) -> None:
    answer = client.get(f"/unterlagen/{name}.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}.pdf"'
    for part in (b"/StructTreeRoot", b"/Lang(de-DE)", b"/DisplayDocTitle true", b"pdfuaid"):
        assert part in answer.data
    shown = text_of(answer.data)
    assert papers.named(name).title in shown
    printed = re.sub(r"[\s\u00ad-]", "", shown)
    page = client.get(f"/unterlagen/{name}").text
    prose = page[page.index('<div class="sc-prose') : page.index("</main>")]
    missing = [word for word in set(words_of(prose).split()) if re.sub(r"[\s-]", "", word) not in printed]
    assert [word for word in missing if word.isalpha()] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_markdown_leads_back_here(app: Flask, client: CheckingClient, name: str) -> None:
    answer = client.get(f"/unterlagen/{name}.md")
    assert answer.mimetype == "text/markdown"
    assert "](/" not in answer.text
    assert answer.text.startswith("# ")


def test_the_register_holds_every_table_about_people(client: CheckingClient) -> None:
    source = papers.markdown("verarbeitungsverzeichnis")
    personal = [entry for group in register.entries() for entry in group.entries if entry.personal]
    assert len(personal) > 10
    assert source.count("#### ") == len(personal)
    page = words_of(client.get("/unterlagen/verarbeitungsverzeichnis").text)
    for entry in personal:
        assert entry.title in page
        assert source.count("- **Frist:**") == len(personal)


def test_the_contract_has_every_duty_of_article_28() -> None:
    source = papers.markdown("auftragsverarbeitung")
    assert [duty for duty, words in DUTIES_OF_A_PROCESSOR.items() if words not in source] == []


@pytest.mark.parametrize(
    "words", ["Lernen auf der Plattform ist Arbeitszeit.", "§ 72 Abs. 3 Nr. 2", "§ 87 Abs. 1 Nr. 6"]
)
def test_the_agreement_says_what_staff_councils_ask_for(words: str) -> None:
    assert words in papers.markdown("dienstvereinbarung")


@pytest.mark.parametrize("address", ["/unterlagen/nichts", "/unterlagen/nichts.md", "/unterlagen/nichts.pdf"])
def test_other_names_are_not_found(client: CheckingClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_pdf_is_made_once(client: CheckingClient) -> None:
    first, second = (client.get("/unterlagen/massnahmen.pdf").data for _ in range(2))
    assert first == second
    assert papers.pdf.cache_info()[:2] == (1, 1)  # hits, misses


def test_without_a_pdf_there_is_the_page_and_a_sentence(
    client: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "LIMIT", 0.0)
    monkeypatch.setattr(paper, "TYPESETTING", paper.TYPESETTING.with_name("gone.py"))
    client.failing = True
    answer = client.get("/unterlagen/massnahmen.pdf")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "Lesen Sie den Text auf der Seite." in answer.text
    assert "Technische und organisatorische Maßnahmen" in answer.text
    assert "gone.py" not in answer.text
