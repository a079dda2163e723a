"""Authors' HTML: elements that our pages do not know become ones they know; no word in them goes."""

import re
from html import escape

from learn.courses.foreign.lines import Lines
from learn.courses.foreign.noting import Notes
from learn.markup.names import names
from learn.markup.patterns import TAG
from learn.markup.sanitise import AUTHORS, AUTHORS_ATTRIBUTES

_TAG = re.compile(
    r"(?<!\\)<(/?)([A-Za-z][A-Za-z0-9:-]{0,30})((?:\s(?:[^<>\"']|\"[^\"]{0,2000}\"|'[^']{0,2000}')*+)?)\s{0,9}/?>"
)
_PROPER = re.compile(TAG)  # what else looks like a tag is words
_OTHERS = {
    **dict.fromkeys(names("center header footer nav main article hgroup address form fieldset menu"), "div"),
    **dict.fromkeys(names("font big label button time data bdi bdo output nobr legend"), "span"),
    **dict.fromkeys(names("cite var dfn"), "em"),
    "strike": "s",
    "tt": "code",
    "caption": "p",
    "tfoot": "tbody",
    "acronym": "abbr",
    "listing": "pre",
}
_GONE = names(
    "picture col colgroup input wbr html head body meta link svg g path circle rect line polyline polygon "
    "ellipse defs use text tspan marker clippath lineargradient stop o:p"
)
_PLACEHOLDERS = names(
    "path text link label time data input button output form address use stop line circle var"
)
_ENDS = re.compile(r"</([A-Za-z][\w:-]{0,30})")
_MEDIA = names("iframe video audio embed source object track")
_SOURCE = re.compile(r"\s(?:src|data)\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\s+([a-zA-Z_:][\w.:-]*+)(?:\s*=\s*(?:"[^"]*+"|'[^']*+'|[^\s"'=<>`]++))?""")
_KEPT = AUTHORS_ATTRIBUTES | {"id", "name", "markdown"}
_SIZES = names("width height")
_NUMBER = re.compile(r"=\s*[\"']?[0-9]{1,5}[\"']?$")
_MARKDOWN = re.compile(r"\s+markdown\s{0,9}=\s{0,9}(?:\"[^\"]*\"|'[^']*'|\w+)", re.IGNORECASE)
_SIGNS = re.compile(r"\]\(|\*\*|`")


def replaced(lines: Lines, notes: Notes) -> Lines:
    """With other elements in place of those that would appear as text."""
    ended = {name.casefold() for name in _ENDS.findall(lines.joined)}

    def change(found: re.Match[str], line: int) -> str | None:
        closing, name = found[1], found[2].casefold()
        if not _PROPER.fullmatch(found[0]):
            return None
        if not closing and not found[3].strip() and name in _PLACEHOLDERS and name not in ended:
            return None
        if name in _OTHERS:
            return f"<{closing}{_OTHERS[name]}>"
        if name in _GONE:
            return ""
        if name in _MEDIA:
            return _medium(found, line, notes)
        return _bare(found) if name in AUTHORS and found[3] else None

    return lines.replaced(_TAG, change)


def _bare(found: re.Match[str]) -> str | None:
    """The tag without attributes that only style it; anchors stay, links may lead to them."""
    kept = [
        attribute[0]
        for attribute in _ATTRIBUTE.finditer(found[3])
        if attribute[1].casefold() in _KEPT
        and (attribute[1].casefold() not in _SIZES or _NUMBER.search(attribute[0]))
    ]
    new = "".join(kept)
    if "\n" in found[0] or len(new) == len(found[3].rstrip(" /")):
        return None
    return f"<{found[2]}{new}{' /' if found[0].endswith('/>') else ''}>"


def _medium(found: re.Match[str], line: int, notes: Notes) -> str:
    """What is embedded becomes a link: nothing is fetched from elsewhere."""
    source = None if found[1] else _SOURCE.search(found[3])
    address = (source[1] or source[2] or source[3] or "").strip() if source else ""
    if not address or address.casefold().startswith(("javascript:", "data:")):
        return ""
    notes.became(line, found[0], "einem Link")
    words = escape(address)
    return f'<a href="{words}">{words}</a>'


def left(lines: Lines, notes: Notes) -> None:
    """Notes Markdown that stays text because it stands directly below an element with `markdown="1"`."""
    if "markdown" not in lines.joined:
        return
    for index, text in enumerate(lines.texts[:-1]):
        below = lines.texts[index + 1]
        if (
            "markdown" in text
            and not lines.scan.hidden[index]
            and _MARKDOWN.search(text)
            and _SIGNS.search(below)
        ):
            notes.stays(lines.numbers[index + 1], below)
