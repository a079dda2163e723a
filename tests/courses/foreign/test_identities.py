"""Sources find their drafts again: by their bytes, by their words, by their path."""

import pytest

from learn.courses.foreign import identities
from learn.courses.foreign.identities import Entry, Texts

WORDS = {
    "wetter": "Gestern war das Wetter schlecht und heute ist das Wetter gut",
    "wetter2": "Gestern war das Wetter schlecht und heute ist es gut geworden",
    "luft": "Die Luft im Zimmer wird gemessen und dann in eine Liste geschrieben",
    "neu": "Ganz andere Dinge stehen hier als sonst irgendwo in diesem Kurs",
}


class Memory(Texts):
    def __init__(self, sources: dict[str, str]) -> None:
        self.sources = sources

    def source(self, path: str) -> str:
        return WORDS[self.sources[path]]

    def draft(self, entry: Entry) -> str:
        return WORDS[entry.sha]


@pytest.mark.parametrize(
    ("sources", "matched"),
    [
        ({"a": "wetter", "b": "luft"}, {"a": "a", "b": "b"}),
        ({"b": "wetter", "a": "luft"}, {"b": "a", "a": "b"}),
        ({"c": "wetter", "b": "luft"}, {"c": "a", "b": "b"}),
        ({"a": "wetter2", "b": "luft"}, {"a": "a", "b": "b"}),
        ({"c": "wetter2", "b": "luft"}, {"c": "a", "b": "b"}),
        ({"a": "neu", "c": "wetter2", "b": "luft"}, {"c": "a", "b": "b"}),
        ({"a": "neu", "b": "luft"}, {"a": "a", "b": "b"}),
        ({"c": "neu", "b": "luft"}, {"b": "b"}),
        ({"a": "wetter", "c": "wetter", "b": "luft"}, {"a": "a", "b": "b"}),
    ],
)
def test_matching(sources: dict[str, str], matched: dict[str, str]) -> None:
    known = {
        key: Entry("lektion", key, f"{key}.md", sha=sha) for key, sha in (("a", "wetter"), ("b", "luft"))
    }
    found = identities.match(known, sources, Memory(sources))
    assert {path: entry.key for path, entry in found.items()} == matched


def test_triples_are_those_of_words() -> None:
    assert identities.triples("Eins, zwei – DREI vier") == identities.triples("eins zwei drei vier")
    assert len(identities.triples("eins zwei drei vier")) == 2
    assert identities.triples("eins zwei") == frozenset()
