"""Mails as letters: one set of German sentences becomes plain text and HTML that say the same."""

import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import fill

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from learn.config import Config
from learn.core.mail import Message

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "mail"
WIDTH = 72
TURNS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
GREETING = "Guten Tag,"
REASON = "„%s“ hat diese E-Mail automatisch verschickt, weil jemand Ihre Adresse dort angegeben hat."

environment = Environment(
    autoescape=True,
    loader=FileSystemLoader(FOLDER),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
# Its defaults fetch style sheets that a mail names and drop the rules for dark mode.
inliner = CSSInliner(
    load_remote_stylesheets=False,
    keep_at_rules=True,
    extra_css=(FOLDER / "letter.css").read_text(encoding="utf-8"),
)


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says, without greeting and close.

    `link` is a label and an absolute address of this instance (`absolute`); paragraphs may hold line breaks.
    `reason` replaces the sentence why one gets the mail. `settings` is the absolute address where one ends
    mails of this kind; mail programs show it as a way to unsubscribe. `ways`: labels and absolute addresses
    below the reason, to end or change such mails with one click.
    """

    subject: str
    paragraphs: tuple[str, ...]
    link: tuple[str, str] | None = None
    after: tuple[str, ...] = ()
    reason: str = ""
    settings: str = ""
    ways: tuple[tuple[str, str], ...] = ()


def absolute(config: Config, path: str) -> str:
    """The address of a page for mails, from LEARN_BASE_URL alone. Raises ValueError."""
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError(f"not a path of ours: {path}")
    return config.base_url + path


def message(config: Config, to: str, letter: Letter) -> Message:
    """The mail to one address, as plain text and HTML. Safe for any text that people typed.

    Raises ValueError for a link that leads elsewhere.
    """
    letter = cleaned(letter)
    for address in (letter.link[1] if letter.link else "", letter.settings, *(way[1] for way in letter.ways)):
        if address and not address.startswith(f"{config.base_url}/"):
            raise ValueError("a mail may only link to this instance")
    reason = letter.reason or REASON % config.network_name
    return Message(
        to=to,
        subject=letter.subject,
        text=as_text(config, letter, reason),
        html=as_html(config, letter, reason),
        settings=letter.settings,
    )


def as_text(config: Config, letter: Letter, reason: str) -> str:
    """The letter as plain text: lines of 72 characters, the address of the link alone on its line."""
    blocks = [GREETING, *map(wrapped, letter.paragraphs)]
    if letter.link:
        label, address = letter.link
        blocks += [f"{label}:\n{address}"]
    blocks += [wrapped(paragraph) for paragraph in letter.after]
    blocks += [f"-- \n{config.network_name}\n{config.base_url}/\n\n{wrapped(reason)}"]
    blocks += [f"{label}:\n{address}" for label, address in letter.ways]
    return "\n\n".join(blocks) + "\n"


def as_html(config: Config, letter: Letter, reason: str) -> str:
    """The letter as a page of its own: styles in its elements, no picture, nothing fetched."""
    template = environment.get_template("letter.html")
    page = template.render(
        network=config.network_name, letter=letter, reason=reason, home=absolute(config, "/")
    )
    return inliner.inline(page)


def wrapped(paragraph: str) -> str:
    """A paragraph in short lines; addresses stay whole."""
    lines = paragraph.split("\n")
    return "\n".join(fill(line, WIDTH, break_long_words=False, break_on_hyphens=False) for line in lines)


def cleaned(letter: Letter) -> Letter:
    """The letter without signs that end a header, hide text or turn its direction."""
    return replace(
        letter,
        subject=" ".join(one_line(letter.subject).split()),
        paragraphs=tuple(map(harmless, letter.paragraphs)),
        link=(harmless(letter.link[0]), letter.link[1]) if letter.link else None,
        after=tuple(map(harmless, letter.after)),
    )


def one_line(text: str) -> str:
    """A text that may stand in a header: whatever does not print becomes a blank."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def harmless(text: str) -> str:
    """A text without control signs and turns of direction; line breaks stay."""
    return "".join(
        sign
        for sign in text
        if sign == "\n" or (unicodedata.category(sign) not in {"Cc", "Cs"} and sign not in TURNS)
    )
