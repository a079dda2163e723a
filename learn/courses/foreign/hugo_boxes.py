"""Which paired shortcodes become boxes: notices, folded texts, tabs and quizzes, as themes name them."""

from learn.courses.foreign.boxes import Box, Kind
from learn.courses.foreign.shortcodes import Arguments, Token
from learn.courses.foreign.sorts import FOLDED, sort_of
from learn.markup.names import names

_STYLED = names("notice alert hint callout admonition notification panel blockquote-alert gdoc-hint pageinfo")
_OWN = names("note notes info tip tips warning caution danger important attention success error")
_TABS = names("tabs tabpane codetabs tabgroup tab-group tabbed")
_TAB = names("tab tabitem tab-item codetab tab-content")
_FALSE = names("true false open closed")

KNOWN = _STYLED | _OWN | _TABS | _TAB | FOLDED | {"quizdown"}


def box_of(token: Token, given: Arguments) -> Box | None:
    """The box of a paired shortcode; None if we do not know it."""
    name = token.name.rpartition("/")[2]
    if name in _STYLED:
        return _styled(token, given)
    if name in _OWN:
        return Box("alert", token.source, sort_of(name), _title(given))
    kind: Kind | None = (
        "quiz" if name == "quizdown" else "details" if name in FOLDED else "tabs" if name in _TABS else None
    )
    if kind:
        return Box(kind, token.source, title=_title(given) if kind == "details" else "")
    return Box("tab", token.source, title=_title(given)) if name in _TAB else None


def _title(given: Arguments) -> str:
    named = given.get("title", "header", "summary", "name", "label", "heading")
    return named or next((word for word in given.positional if word.casefold() not in _FALSE), "")


def _styled(token: Token, given: Arguments) -> Box:
    """The style is named, or stands first; another word there is the title."""
    style = given.get("style", "type", "color", "level", "kind", "icon", "context", "cardtype")
    words = [word for word in given.positional if word.casefold() not in _FALSE]
    if not style and words and (sort_of(words[0]) or len(words) > 1 or token.name == "notice"):
        style = words.pop(0)
    title = given.get("title", "header", "heading") or (words[0] if words else "")
    sort = sort_of(style) or sort_of(title) or "NOTE"
    if given.get("expanded", "collapsible", "collapse"):
        return Box("details", token.source, title=title)
    return Box("alert", token.source, sort, title, titled=not title)
