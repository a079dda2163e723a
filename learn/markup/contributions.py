"""The surroundings of a contribution to the forum: whom it may name, which pictures it may show."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from learn.markup.addresses import OwnAddresses
from learn.markup.model import Picture, Unresolved

NOWHERE = frozenset({"a", "blockquote", "code", "pre"})  # an @ in these names nobody
MOST_MENTIONS = 5


@dataclass(frozen=True)
class Surroundings(OwnAddresses):
    """`names`: by target such as `person:12` the words that may stand there; none: any words.

    `pictures`: by target such as `bild:12`, as posts write it.
    """

    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)

    def picture(self, target: str) -> Picture | Unresolved:
        return self.pictures.get(target) or super().picture(target)

    def names_by(self, target: str, words: str) -> bool:
        """Whether a link with these words names somebody."""
        allowed = self.names.get(target)
        return allowed is not None and (not allowed or words in allowed)


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # their name
        self.inside += tag in NOWHERE

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag in NOWHERE

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.found.append(data)


def free_texts(html: str) -> Iterator[str]:
    """The texts of sanitised HTML in which an @ may name somebody."""
    reader = _Texts()
    reader.feed(html)
    reader.close()
    return iter(reader.found)
