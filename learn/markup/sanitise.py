"""The one allow-list: what authors' HTML may contain, and the last gate of every stored piece of HTML.

Bleach goes first because it is given; nh3, which is maintained, has the last word with the same list. Bleach
hands attribute values over undecoded and takes `word:digits` for a host, so addresses are judged here.
"""

import html as characters
import re
import threading
from collections.abc import Callable
from functools import cache

import bleach
import nh3
from pygments.token import STANDARD_TYPES

from learn.markup.names import names
from learn.markup.svg import svg_is_safe as svg_is_safe
from learn.markup.walker import Walker

AUTHORS = names(
    "a abbr aside b blockquote br code del details div dd dl dt em figcaption figure h1 h2 h3 h4 h5 "
    "h6 hr i img ins kbd li mark ol p pre q s samp section small span strong sub summary sup table "
    "tbody td th thead tr u ul"
)
AUTHORS_ATTRIBUTES = names("href src alt title width height start open lang dir colspan rowspan")
WITH_CONTENT = frozenset({"script", "style", "template", "noscript"})
TAGS = (AUTHORS - {"h1"}) | {"caption", "picture", "source", "input"}
SCHEMES = frozenset({"http", "https", "mailto", "tel"})

_CLASSES = {
    "aside": r"sc-callout|sc-callout--(?:note|tip|important|warning|caution|town)",
    "p": r"sc-callout__h",
    "figure": r"sc-figure|sc-video",
    "div": r"sc-tablewrap|sc-variants",
    "section": r"sc-footnotes|sc-variant",
    "details": r"sc-details",
    "a": r"sc-term",
    "span": r"sc-var|sc-missing",
    "img": r"sc-missing",
    "li": r"sc-tick",
    "code": r"sc-math|language-[A-Za-z0-9+#._-]{1,40}",
    "th": r"sc-center|sc-right",
    "td": r"sc-center|sc-right",
}
_HIGHLIGHT = frozenset(name for name in STANDARD_TYPES.values() if name)
_CLASS = {tag: re.compile(pattern) for tag, pattern in _CLASSES.items()}
_INVISIBLE = re.compile(
    "[\x00-\x20\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]"
)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
_ID = re.compile(r"(?:[a-z0-9_-]+-)?(?:s|fn|fnref|tab)-\S+")
_NAME = re.compile(r"[\w-]{1,80}")
_NUMBER = re.compile(r"[0-9]{1,5}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")
_WORDS = re.compile(r"[^<>]*")
_MEDIA = re.compile(r"/medien/[a-z0-9]{1,128}(?:/[a-z0-9]{1,40})?\.[a-z0-9]{1,8}")
_NOT_PLAIN = re.compile("[<&\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_PIECES = re.compile(r"<[^>]*>|[^<]+|<")


def address_ok(value: str) -> bool:
    """Whether a link may lead there: relative, or of an allowed scheme once nothing hides in it."""
    bare = _INVISIBLE.sub("", characters.unescape(value)).lower().replace("\\", "/")
    if bare.startswith("//"):
        return False
    scheme = _SCHEME.match(bare)
    if scheme:
        return scheme[1] in SCHEMES
    return ":" not in bare.split("/", 1)[0].split("?", 1)[0].split("#", 1)[0]


def media_ok(value: str) -> bool:
    return _MEDIA.fullmatch(characters.unescape(value)) is not None


def _exactly(*values: str) -> Callable[[str], bool]:
    return frozenset(values).__contains__


def _like(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda value: pattern.fullmatch(value) is not None


_ANYWHERE: dict[str, Callable[[str], bool]] = {
    "id": _like(_ID),
    "title": _like(_WORDS),
    "lang": _like(_LANGUAGE),
    "dir": _exactly("ltr", "rtl", "auto"),
}
_label = _like(_WORDS)
_size = _like(_NUMBER)
_ATTRIBUTES: dict[str, dict[str, Callable[[str], bool]]] = {
    "a": {"href": address_ok, "rel": _exactly("noopener"), "aria-label": _label},
    "img": {"src": media_ok, "alt": _label, "width": _size, "height": _size, "loading": _exactly("lazy")},
    "source": {
        "srcset": media_ok,
        "media": _exactly("(max-width: 40rem)"),
        "width": _size,
        "height": _size,
    },
    "input": {
        "type": _exactly("checkbox"),
        "disabled": _exactly("", "disabled"),
        "checked": _exactly("", "checked"),
        "aria-label": _exactly("erledigt", "offen"),
    },
    "ol": {"start": _size},
    "details": {"open": _exactly("", "open")},
    "th": {"scope": _exactly("col", "row"), "colspan": _size, "rowspan": _size},
    "td": {"colspan": _size, "rowspan": _size},
    "aside": {"role": _exactly("note")},
    "div": {
        "role": _exactly("region"),
        "tabindex": _exactly("0"),
        "aria-label": _label,
        "aria-labelledby": _like(_ID),
    },
    "section": {"aria-label": _label, "aria-labelledby": _like(_ID)},
    "pre": {"tabindex": _exactly("0")},
    "span": {"data-var": _like(_NAME)},
}


def allowed(tag: str, name: str, value: str) -> bool:
    """Whether an element may bear this attribute with this value; the single decision of both gates."""
    if name == "class":
        return bool(value.strip()) and all(_class_ok(tag, word) for word in value.split())
    test = _ATTRIBUTES.get(tag, {}).get(name) or _ANYWHERE.get(name)
    return test is not None and test(value)


def _class_ok(tag: str, word: str) -> bool:
    pattern = _CLASS.get(tag)
    return (pattern is not None and pattern.fullmatch(word) is not None) or (
        tag == "span" and word in _HIGHLIGHT
    )


def _filter(tag: str, name: str, value: str) -> str | None:
    return value if allowed(tag, name, value) else None


def _last_gate(change: Callable[[str, str, str], str | None]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags=set(WITH_CONTENT),
        attributes={tag: {"class", *_ANYWHERE, *_ATTRIBUTES.get(tag, {})} for tag in TAGS},
        attribute_filter=change,
        url_schemes=set(SCHEMES),
        link_rel=None,
    )


class _Gates(threading.local):
    """One pair of cleaners per thread: making one costs milliseconds, sharing one is not safe."""

    def __init__(self) -> None:
        self.bleach = bleach.Cleaner(tags=TAGS, attributes=allowed, protocols=SCHEMES, strip=True)
        self.bleach.walker = Walker  # type: ignore[assignment]  # Bleach only iterates over it
        self.nh3 = _last_gate(_filter)


_gates = _Gates()


def sanitise(text: str) -> str:
    """HTML of which only what the list names is left; balanced; cleaning it again changes nothing."""
    if not _NOT_PLAIN.search(text):
        return text.replace(">", "&gt;").replace("\xa0", "&nbsp;")
    text = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
    for _ in range(4):
        cleaned = _gates.nh3.clean(_gates.bleach.clean(text))
        if _gates.nh3.clean(cleaned) == cleaned:
            return cleaned
        text = cleaned
    return characters.escape(bare_text(text), quote=False)


def prefixer(prefix: str, place: str = "") -> Callable[[str], str]:
    """A function that puts `prefix` before the ids and in-page targets of sanitised HTML, in its tree.

    `place` follows the names of regions, which must differ on a page: „Fußnoten, Gateways planen“.
    """
    place = place.replace("<", "").replace(">", "")

    def change(tag: str, name: str, value: str) -> str | None:
        if name in {"id", "aria-labelledby"}:
            value = prefix + value
        elif name == "href" and value.startswith("#"):
            value = f"#{prefix}{value[1:]}"
        elif name == "aria-label" and place and tag in {"section", "div"}:
            value = f"{value}, {place}"
        return _filter(tag, name, value)

    gate = cache(lambda: _last_gate(change))  # made for the first text with markup: making one is the cost
    return lambda text: gate().clean(text) if "<" in text else text


def bare_text(text: str) -> str:
    """The words of a piece of HTML without its tags."""
    return characters.unescape(
        "".join(piece for piece in _PIECES.findall(text) if piece[0] != "<" or piece == "<")
    )
