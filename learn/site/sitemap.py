"""What search services may look at: the site map of all public pages, and what they shall leave alone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from learn.core import atom, limits
from learn.core.access import NotFound, visitor
from learn.core.db import session
from learn.core.pace import Turns
from learn.courses import addresses
from learn.courses.addresses import Address
from learn.forum import addresses as questions
from learn.site.blueprint import pages

LARGEST = 50_000  # addresses in one file: https://www.sitemaps.org/protocol.html
DRAWN = Turns()
FIXED = (
    *(
        "/",
        "/kurse",
        "/pfade",
        "/forum",
        "/vokabelheft",
        "/kommunen",
        "/hilfe",
        "/hilfe/markdown",
        "/hilfe/werkstatt",
    ),
    *("/was-diese-plattform-nicht-kann", "/unterlagen", "/barrierefreiheit", "/leichte-sprache"),
    *("/gebaerdensprache", "/datenschutz", "/impressum"),
)
CLOSED = (  # what belongs to one person, is reached by a link of hers, or answers differently each time
    *("/abmelden-mail/", "/adresse/", "/anmelden", "/einladung/", "/erinnerung/", "/klassen", "/konto"),
    *("/lernen", "/mitteilungen", "/nachweise/", "/passwort", "/registrieren", "/suche", "/verwaltung"),
    "/werkstatt",
)


@dataclass(frozen=True, slots=True)
class Section:
    """Addresses of one kind: how many, and how some of them are read."""

    count: int
    read: Callable[[int, int], Iterable[Address]]


@pages.get("/sitemap.xml", access=visitor)
def site_map() -> ResponseReturnValue:
    """All public pages; more than fit into one file stand in parts."""
    with DRAWN.one(limits.source()):
        found = sections()
        total = sum(section.count for section in found)
        if total <= LARGEST:
            return answer(addresses=part(found, 1))
        return answer(parts=range(1, 2 + (total - 1) // LARGEST))


@pages.get("/sitemap-<int:teil>.xml", access=visitor)
def site_map_part(teil: int) -> ResponseReturnValue:
    """One file of a large site map."""
    with DRAWN.one(limits.source()):
        listed = part(sections(), teil)
        if not listed:
            raise NotFound
        return answer(addresses=listed)


@pages.get("/robots.txt", access=visitor)
def robots() -> ResponseReturnValue:
    """What programs that collect pages shall leave alone (RFC 9309), and where the site map lies."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in CLOSED),
        "",
        f"Sitemap: {atom.base()}/sitemap.xml",
    ]
    return atom.answer("\n".join(lines) + "\n", "text/plain").make_conditional(request)


def sections() -> list[Section]:
    """Everything that visitors may read, in a lasting order."""
    db = session()
    courses, lessons, terms = addresses.numbers(db)
    return [
        Section(len(FIXED), lambda start, count: map(Address, FIXED[start : start + count])),
        Section(courses, lambda start, count: addresses.courses(db, start, count)),
        Section(lessons, lambda start, count: addresses.lessons(db, start, count)),
        Section(terms, lambda start, count: addresses.terms(db, start, count)),
        Section(questions.number(db), asked),
    ]


def asked(start: int, count: int) -> Iterable[Address]:
    """Public questions."""
    return (Address(path, day) for path, day in questions.public(session(), start, count))


def part(found: Iterable[Section], number: int) -> list[Address]:
    """The addresses of one file; empty beyond the last. A section that has none there is not read."""
    listed: list[Address] = []
    begins, ends = (number - 1) * LARGEST, number * LARGEST
    before = 0
    for section in found:
        first, last = max(begins - before, 0), min(ends - before, section.count)
        if first < last:
            listed += section.read(first, last - first)
        before += section.count
    return listed


def answer(**values: object) -> ResponseReturnValue:
    text = atom.xml(render_template("site/sitemap.xml", base=atom.base(), **values))
    return atom.answer(text, "application/xml").make_conditional(request)
