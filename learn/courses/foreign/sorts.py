"""Words by which dialects name the sorts of their callouts, folded texts and tabs."""

from learn.markup.names import names

_SORTS = {
    "NOTE": names(
        "note notes info information default primary secondary abstract tldr example question help faq "
        "seealso todo light dark grey blue exercise activity discussion callout theorem definition"
    ),
    "TIP": names("tip tips hint success check done green ok best-practice"),
    "IMPORTANT": names("important key keypoint required learning"),
    "WARNING": names("warning warn attention orange yellow"),
    "CAUTION": names("caution danger error failure fail bug red critical"),
}
SORT = {word: sort for sort, words in _SORTS.items() for word in words}
FOLDED = names("details expand dropdown spoiler collapse collapsible expandable toggle")


def sort_of(word: str) -> str:
    """NOTE, TIP, IMPORTANT, WARNING or CAUTION; empty for an unknown word."""
    return SORT.get(word.strip().casefold().removeprefix("callout-").removeprefix("alert-"), "")
