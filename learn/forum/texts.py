"""Texts of posts: checked and rendered before anything is written, shown later from their parts."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import Refused
from learn.forum import addressees, quotes
from learn.forum.addressees import Addressees
from learn.forum.audience import Reader
from learn.forum.models import Picture
from learn.forum.quotes import Source, sources
from learn.markup import RENDERER, guard
from learn.markup.contributions import Surroundings, free_texts
from learn.markup.model import Html, Quote, Rendered
from learn.markup.model import Picture as Shown
from learn.markup.sanitise import bare_text, prefixer
from learn.network.sizes import grouped

__all__ = ["EMPTY", "Prepared", "Source", "excerpt", "is_blank", "prepare", "shown", "sources"]

LONGEST = 20_000  # characters of a question or an answer
LONGEST_COMMENT = 2_000
EXCERPT = 300
ASK = "Schreiben Sie Ihre Frage in das Feld."
ANSWER = "Schreiben Sie Ihre Antwort in das Feld."
COMMENT = "Schreiben Sie Ihre Rückfrage in das Feld."
DESCRIBE = "Beschreiben Sie das Bild."
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters by category that show nothing
PICTURE = re.compile(r"(?:bild:|/medien/forum/)([1-9][0-9]{0,8})(?:\.[a-z0-9]{1,5})?\b")
SHOWN = re.compile(r"/medien/forum/([0-9]+)\.")
OPEN, CLOSE = "\ue000", "\ue001"  # around the number of a typed name, while its place is looked for
PLACE = re.compile(f"{OPEN}([0-9]+){CLOSE}")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of another post in a revision of it."""

    post_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Whom a text addresses with @: a person or a town."""

    person_id: int | None = None
    municipality_id: int | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text ready to be stored: its source, what is shown of it, and to what it refers."""

    source: str
    parts: list[dict[str, Any]]
    excerpt: str
    words: str
    mentions: tuple[Mentioned, ...] = ()
    quotes: tuple[Quotation, ...] = ()
    pictures: tuple[int, ...] = ()
    renderer: int = RENDERER


EMPTY = Prepared("", [], "", "")  # a text that was taken away


def prepare(
    session: Session,
    who: Reader,
    source: str,
    *,
    circle: str,
    question_id: int | None = None,
    field: str = "body",
    longest: int = LONGEST,
    sentence: str = ASK,
) -> Prepared:
    """Check and render a text for a circle, before the lock is taken. Raises Refused at `field`.

    `question_id`: where it will stand; its pictures may be shown again beside the writer's own.
    """
    source = tidy(source, field=field, longest=longest, sentence=sentence)
    found = addressees.addressees(session, who, circle, source)
    around = Surroundings(found.words, pictures(session, who, source, question_id))
    source = _with_stored_names(source, found, around, field)
    _check_length(source, field, longest)
    rendered = _render(source, around, field)
    if any(fault.code == "K502" for fault in rendered.faults):
        raise Refused(DESCRIBE, field=field)
    marked = [part for part in rendered.parts if isinstance(part, Quote)]
    genuine = quotes.genuine(session, who, marked, circle, field=field)
    prepared = taken_apart(source, rendered, genuine, found.ids)
    if not prepared.pictures and is_blank("".join(bare_text(part.html) for part in _pieces(rendered))):
        raise Refused(sentence, field=field)
    return prepared


def tidy(source: str, *, field: str = "body", longest: int = LONGEST, sentence: str = ASK) -> str:
    """A source without outer blanks. Raises Refused when nothing can be seen or it is too long."""
    source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    if is_blank(source):
        raise Refused(sentence, field=field)
    _check_length(source, field, longest)
    return source


def taken_apart(
    source: str, rendered: Rendered, genuine: frozenset[quotes.Key], ids: Mapping[str, int]
) -> Prepared:
    """The parts to store. Quotes that are not genuine are quotes like any other."""
    parts: list[dict[str, Any]] = []
    for piece in _pieces(rendered):
        if isinstance(piece, Quote) and (piece.post, piece.revision) in genuine:
            parts.append({"quote": {"post": piece.post, "revision": piece.revision, "html": piece.html}})
        else:
            parts.append({"html": piece.html})
    words = "\n".join(" ".join(bare_text(part["html"]).split()) for part in parts if "html" in part)
    return Prepared(
        source=source,
        parts=parts,
        excerpt=excerpt(words),
        words=words,
        mentions=tuple(_mentioned(target, ids[target]) for target in rendered.mentions if target in ids),
        quotes=tuple(Quotation(*key) for key in sorted(genuine)),
        pictures=tuple(int(found[1]) for src in rendered.pictures if (found := SHOWN.match(src))),
    )


def shown(
    parts: Sequence[Mapping[str, Any]], quoted: Mapping[int, Source], *, prefix: str, place: str = ""
) -> tuple[Markup, ...]:
    """The pieces of a stored text; ids bear the prefix, regions the place, so that a page has each once.

    `quoted` as `sources` gives it. Words whose source is hidden or redacted are left out.
    """
    change = prefixer(f"{prefix}-", place)

    def html(text: str) -> Markup:
        return Markup(change(text) if "id=" in text or "aria-label" in text else text)  # noqa: S704 - sanitised

    return tuple(
        quotes.shown(part["quote"], quoted.get(part["quote"]["post"]), html(part["quote"]["html"]))
        if "quote" in part
        else html(part["html"])
        for part in parts
    )


def is_blank(text: str) -> bool:
    """Whether a text shows nothing: blanks, controls, and characters without a shape."""
    return not any(unicodedata.category(sign)[0] not in "ZCM" and sign not in BLANK for sign in text)


def excerpt(words: str) -> str:
    """The beginning of a text on one line."""
    line = " ".join(words.split())
    return line if len(line) <= EXCERPT else f"{line[: EXCERPT - 1].rstrip()}…"


def pictures(session: Session, who: Reader, source: str, question_id: int | None) -> dict[str, Shown]:
    """The pictures that a text may show, by what stands for them: the writer's own, and of this question."""
    numbers = {int(found[1]) for found in PICTURE.finditer(source)}
    if not numbers:
        return {}
    own = Picture.question_id.is_(None) & (Picture.person_id == who.actor.person_id)
    here = own if question_id is None else own | (Picture.question_id == question_id)
    return addresses(session.scalars(select(Picture).where(Picture.id.in_(numbers), here)).all())


def addresses(found: Sequence[Picture]) -> dict[str, Shown]:
    """Pictures by both ways to write them."""
    stored = {one.id: Shown(f"/medien/forum/{one.id}.{one.ext}", one.width, one.height) for one in found}
    return {name: one for key, one in stored.items() for name in (f"bild:{key}", one.src)}


def _check_length(source: str, field: str, longest: int) -> None:
    if len(source) > longest:
        shorten = f"Kürzen Sie auf {grouped(longest)} Zeichen. Der Text hat {grouped(len(source))}."
        raise Refused(shorten, field=field)


def _render(source: str, around: Surroundings, field: str) -> Rendered:
    try:
        return guard.render(source, "beitrag", around)
    except guard.Refused as problem:
        raise Refused(str(problem), field=field) from problem


def _with_stored_names(source: str, found: Addressees, around: Surroundings, field: str) -> str:
    """The source with typed names in their stored form, wherever the parsed text lets an @ name somebody."""
    typed = list(addressees.places(source, found.by_name()))
    if not typed or OPEN in source:
        return source
    marked = source
    for number, (start, _end, _target) in reversed(list(enumerate(typed))):
        marked = f"{marked[:start]}{OPEN}{number}{CLOSE}{marked[start:]}"
    if len(marked) > LONGEST:
        return source
    pieces = [piece for piece in _pieces(_render(marked, around, field)) if not isinstance(piece, Quote)]
    free = {int(n) for piece in pieces for text in free_texts(piece.html) for n in PLACE.findall(text)}
    for number, (start, end, target) in reversed(list(enumerate(typed))):
        if number in free:
            source = source[:start] + addressees.stored_form(source[start + 1 : end], target) + source[end:]
    return source


def _pieces(rendered: Rendered) -> list[Html]:
    return [part for part in rendered.parts if isinstance(part, Html)]


def _mentioned(target: str, number: int) -> Mentioned:
    return Mentioned(person_id=number) if target.startswith("person:") else Mentioned(municipality_id=number)
