"""Letters: text and HTML say the same, typed text stays text, nothing is fetched, links stay at home."""

import re

import html5lib
import pytest

from learn.config import Config
from learn.core import letters
from learn.core.letters import Letter
from tests.conftest import make_config

LINK = ("Passwort neu setzen", "http://localhost/passwort/neu/abc-DEF_123")
LETTER = Letter(
    subject="Passwort für „Schule“ neu setzen",
    paragraphs=(
        "Sie haben ein neues Passwort angefordert. Mit dem folgenden Link setzen Sie es. Er gilt nur einmal.",
    ),
    link=LINK,
    after=("Sie waren das nicht? Dann ist nichts zu tun.",),
)
HOSTILE = "<img src=x onerror=alert(1)>\"'&amp;</p><script>alert(1)</script> {{ 7*7 }}"


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return make_config(tmp_path_factory.mktemp("letters") / "instance")


def shown(page: str) -> str:
    """The text of a page as a reader sees it."""
    body = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page).find("body")
    return " ".join("".join(body.itertext()).split())


def test_the_plain_text_has_short_lines_and_the_link_alone(settings: Config) -> None:
    text = letters.message(settings, "jana@example.org", LETTER).text
    lines = text.splitlines()
    assert lines[0] == "Guten Tag,"
    assert LINK[1] in lines
    assert max(map(len, lines)) <= 72
    assert "-- \nSmart Cities: Schule\nhttp://localhost/\n" in text
    assert "weil jemand Ihre Adresse dort angegeben hat." in " ".join(lines)


def test_the_page_says_the_same(settings: Config) -> None:
    message = letters.message(settings, "jana@example.org", LETTER)
    assert message.subject == LETTER.subject
    page = shown(message.html)
    for sentence in ("Guten Tag,", *LETTER.paragraphs, *LETTER.after, *LINK, settings.network_name):
        assert sentence in page
        assert sentence in " ".join(message.text.split())


def test_styles_are_in_the_elements_and_dark_ones_behind_a_question(settings: Config) -> None:
    page = letters.message(settings, "jana@example.org", LETTER).html
    assert '<html lang="de">' in page
    assert re.search(r'<a class="button" href="[^"]+" style="[^"]*background|<td class="cell" style="', page)
    assert "prefers-color-scheme: dark" in page
    assert page.count("<style") == 1


def test_nothing_is_fetched(settings: Config) -> None:
    page = letters.message(settings, "jana@example.org", LETTER).html
    assert not re.search(r"<(img|link|script|iframe)\b|url\(|@import", page)
    assert set(re.findall(r'(?:src|href)="([^"]*)"', page)) == {LINK[1], "http://localhost/"}


def test_typed_text_stays_text(settings: Config) -> None:
    hostile = Letter(HOSTILE, (HOSTILE, f"Zeile 1\n{HOSTILE}"), (HOSTILE, LINK[1]), (HOSTILE,))
    message = letters.message(settings, "jana@example.org", hostile)
    assert "<script" not in message.html
    assert "<img" not in message.html
    assert shown(message.html).count(HOSTILE) == 4
    assert message.text.count("onerror=alert(1)") == 4


@pytest.mark.parametrize("words", ["a\nBcc: x@example.org", "Amt\u00a0Süd", "a\x00b\u202eb", "a\u2028b\x85"])
def test_any_subject_becomes_one_printable_line(settings: Config, words: str) -> None:
    message = letters.message(settings, "jana@example.org", Letter(words, (words,)))
    assert message.subject.isprintable()
    assert "\x00" not in message.text + message.html
    assert "\u202e" not in message.text + message.html


def test_line_breaks_of_a_paragraph_stay(settings: Config) -> None:
    message = letters.message(settings, "jana@example.org", Letter("Liste", ("Erstens\nZweitens",)))
    assert "Erstens\nZweitens\n" in message.text
    assert "Erstens<br>Zweitens" in message.html


@pytest.mark.parametrize(
    "address", ["http://evil.example/", "http://localhost.evil.example/", "javascript:alert(1)", "/pfad"]
)
def test_links_lead_to_this_instance_only(settings: Config, address: str) -> None:
    with pytest.raises(ValueError, match="this instance"):
        letters.message(settings, "jana@example.org", Letter("Link", (), ("Öffnen", address)))
    with pytest.raises(ValueError, match="this instance"):
        letters.message(settings, "jana@example.org", Letter("Link", (), settings=address))


def test_ways_to_end_mails_stand_below_the_reason_as_links(settings: Config) -> None:
    way = ("Nichts mehr davon", "http://localhost/abmelden-mail/x")
    message = letters.message(
        settings, "jana@example.org", Letter("Neu", ("Text",), reason="Weil.", ways=(way,))
    )
    assert message.text.endswith("Weil.\n\nNichts mehr davon:\nhttp://localhost/abmelden-mail/x\n")
    assert "Nichts mehr davon</a>" in message.html
    with pytest.raises(ValueError, match="this instance"):
        letters.message(
            settings, "jana@example.org", Letter("Neu", (), ways=(("Öffnen", "http://evil.example/"),))
        )


def test_addresses_come_from_the_settings(settings: Config) -> None:
    assert letters.absolute(settings, "/konto?a=1") == "http://localhost/konto?a=1"
    for path in ("konto", "//evil.example", ""):
        with pytest.raises(ValueError, match="path"):
            letters.absolute(settings, path)
