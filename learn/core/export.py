"""What is kept about one person as a ZIP: JSON for programs, CSV for tables, Markdown for reading.

The same data gives the same bytes. Rows go through one by one, so that memory stays small.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from sqlalchemy.orm import Session

from learn.config import Config
from learn.core import clock
from learn.core.i18n import day
from learn.core.owndata import REGISTRY, Owner, Topic, held, rows

WHEN = (1980, 1, 1, 0, 0, 0)  # ZIP's earliest: the day stands in LIESMICH.md
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
MARKS = re.compile(r"([\\`*_\[\]<>#|~])")


def write(session: Session, config: Config, owner: Owner, target: IO[bytes]) -> None:
    """Write the whole export; the session should see one state of the database."""
    found = held(session, owner)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        texts = _add_documents(archive, session, owner)
        for topic in found:
            _add(archive, f"json/{topic.name}.json", as_json(session, owner, topic))
            if not topic.nested:
                _add(archive, f"csv/{topic.name}.csv", as_csv(session, owner, topic))
        _add(archive, "LIESMICH.md", readme(config, owner, found, texts))


def as_json(session: Session, owner: Owner, topic: Topic) -> Iterator[str]:
    """A list of objects, one a line."""
    before = "[\n"
    for row in rows(session, owner, topic):
        yield before + json.dumps(row, ensure_ascii=False)
        before = ",\n"
    yield "\n]\n"


def as_csv(session: Session, owner: Owner, topic: Topic) -> Iterator[str]:
    """A table as German spreadsheets open it: semicolons, and a mark that says UTF-8."""
    yield "\ufeff" + _line(topic.columns)
    for row in rows(session, owner, topic):
        yield _line(map(cell, row.values()))


def cell(value: Any) -> str:
    """A value as a spreadsheet shows it; never a formula (ASVS 1.2.10)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.lstrip(" ").startswith(FORMULA) else text


def escaped(text: str) -> str:
    """A text in one line of Markdown that means itself."""
    return MARKS.sub(r"\\\1", " ".join(text.split()))


def quoted(text: str) -> str:
    """A text of several lines as a quote, so that nothing in it becomes a heading of ours."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def readme(config: Config, owner: Owner, found: list[Topic], texts: list[tuple[str, str]]) -> Iterator[str]:
    """What each file holds, for what purpose, on what legal basis and for how long."""
    yield (
        f"# Ihre Daten bei {config.network_name}\n\n"
        f"Stand: {day(clock.today())}. Diese Auskunft enthält alles, was dort zu {owner.email}"
        " gespeichert ist (Art. 15 und 20 DSGVO).\n\n"
        "- `json/`: alle Angaben, für andere Programme\n"
        "- `csv/`: dieselben Angaben als Tabellen, zum Beispiel für Excel oder LibreOffice\n"
        "- `lesen/`: Lernstand, Fahrpläne und Notizen in Worten\n\n"
        "Passwort, Codes und Schlüssel sind nicht dabei. Gespeichert sind davon nur Prüfsummen oder"
        " verschlüsselte Werte.\n\n"
    )
    if texts:
        yield "## Zum Lesen\n\n" + "".join(f"- `lesen/{name}.md`: {title}\n" for name, title in texts) + "\n"
    for topic in found:
        declared = topic.declared
        files = f"`json/{topic.name}.json`" + ("" if topic.nested else f", `csv/{topic.name}.csv`")
        yield (
            f"## {topic.title}\n\n- Dateien: {files}\n- Inhalt: {', '.join(topic.columns)}\n"
            f"- Zweck: {declared.purpose}\n- Rechtsgrundlage: {declared.basis}\n"
            f"- Aufbewahrung: {declared.retention}\n- Bei Löschung des Kontos: {declared.erasure}\n\n"
        )
    yield from _rest(config, found)


def _rest(config: Config, found: list[Topic]) -> Iterator[str]:
    """What is empty, what is not handed out and why, and her rights."""
    empty = [topic.title for topic in REGISTRY.topics.values() if topic not in found]
    if empty:
        yield f"## Nichts gespeichert\n\nZu Ihnen gibt es keine Einträge unter: {', '.join(empty)}.\n\n"
    yield "## Nicht enthalten\n\n"
    for table, title in REGISTRY.titles.items():
        if table in REGISTRY.kept_back:
            declared = table.declared
            yield f"- {title} ({declared.purpose}). {declared.export}. Aufbewahrung: {declared.retention}.\n"
    contact = f" Wenden Sie sich an {config.contact}." if config.contact else ""
    yield (
        "\n## Woher Ihre Daten stammen\n\n"
        "Von Ihnen selbst, von der Koordination, die Sie eingeladen hat, oder vom Anmeldedienst Ihrer"
        " Kommune. Profile und automatische Entscheidungen über Personen gibt es nicht.\n\n"
        "## Wer Ihre Daten bekommt\n\n"
        "Niemand außerhalb dieser Installation. E-Mails gehen an Ihre Adresse. Die Koordination sieht Ihr"
        " Profil, nicht Ihren Lernstand. Andere sehen Name und Funktion nur, wo Sie es erlaubt haben.\n\n"
        "## Ihre Rechte\n\n"
        f"Berichtigen und löschen können Sie selbst: {config.base_url}/konto. Sie haben außerdem das Recht"
        " auf Einschränkung und Widerspruch (Art. 16 bis 21 DSGVO) und können sich bei der"
        f" Datenschutzaufsicht Ihres Landes beschweren.{contact} Alle Verarbeitungen stehen unter"
        f" {config.base_url}/datenschutz/verzeichnis.\n"
    )


def _add_documents(archive: zipfile.ZipFile, session: Session, owner: Owner) -> list[tuple[str, str]]:
    """Add the texts that say something; gives names and titles."""
    added = []
    for document in REGISTRY.documents:
        pieces = iter(document.write(session, owner))
        first = next(pieces, None)
        if first is not None:
            _add(archive, f"lesen/{document.name}.md", _after(f"# {document.title}\n\n{first}", pieces))
            added.append((document.name, document.title))
    return added


def _after(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _add(archive: zipfile.ZipFile, name: str, pieces: Iterator[str]) -> None:
    info = zipfile.ZipInfo(name, WHEN)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    with archive.open(info, "w") as member:
        for piece in pieces:
            member.write(piece.encode())


def _line(values: Any) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=";", lineterminator="\r\n").writerow(values)
    return line.getvalue()
