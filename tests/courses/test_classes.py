"""Classes of changes between two releases, from manifests alone."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learn.courses import changes
from learn.courses.changes import Change, Side
from learn.courses.manifest import LessonEntry, Manifest, ModuleEntry

MANY = "abcdef"


def entry(name: str, **values: object) -> LessonEntry:
    return replace(LessonEntry(name, name, name.upper(), 1, 1, 5, required=True), **values)  # type: ignore[arg-type]


def side(*modules: str | list[LessonEntry], hashes: str = "") -> Side:
    """A release: each module is a list of lessons or a word of their letters."""
    made = [
        ModuleEntry(
            f"mod_{number}",
            "",
            "",
            "",
            "",
            tuple(entry(each) if isinstance(each, str) else each for each in given),
        )
        for number, given in enumerate(modules)
    ]
    tree = Manifest("kur_a", "a", "A", 1, tuple(made))
    ids = [each.id for each in tree.lessons()]
    return Side(tree, dict.fromkeys(ids, hashes), {each: f"{each}.md" for each in ids})


def kinds(old: Side, new: Side) -> list[tuple[str, str]]:
    return [(found.id, found.kind) for found in changes.between(old, new)]


def test_a_first_release_changes_nothing() -> None:
    assert changes.between(None, side("ab")) == ()


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({}, "redaktionell"),
        ({"edition": 2}, "inhaltlich"),
        ({"edition": 2, "redo_from": 2}, "erneut"),
        ({"redo_from": 2}, "erneut"),
    ],
)
def test_the_strongest_class_counts(values: dict[str, int], kind: str) -> None:
    assert kinds(side("a", hashes="1"), side([entry("a", **values)], hashes="2")) == [("a", kind)]
    same = [("a", kind)] if values else []
    assert kinds(side("a"), side([entry("a", **values)])) == same


def test_falling_numbers_and_equal_ones_are_no_news() -> None:
    old = side([entry("a", edition=3, redo_from=2)])
    for values in ({"edition": 3, "redo_from": 2}, {"edition": 2, "redo_from": 1}):
        assert kinds(old, side([entry("a", **values)])) == []


def test_a_lesson_may_change_in_several_ways() -> None:
    old, new = side("abc"), side([entry("b"), entry("c"), entry("a", slug="neu", edition=2)])
    assert changes.between(old, new) == (
        Change("a", "inhaltlich", "a.md", "A", 1, 2),
        Change("a", "verschoben", "a.md", "A", 1, 2),
        Change("a", "umbenannt", "a.md", "A", 1, 2),
    )


def test_what_came_and_what_went() -> None:
    old = side([entry("a", edition=4), entry("b", edition=5)])
    new = side([entry("c", replaces=("a", "x"))])
    assert changes.between(old, new) == (
        Change("c", "neu", "c.md", "C", None, 1),
        Change("a", "ersetzt", "a.md", "A", 4, None),
        Change("b", "entfallen", "b.md", "B", 5, None),
    )
    unnamed = Side(old.manifest, old.hashes, {})
    assert [found.file for found in changes.between(unnamed, new)] == ["c.md", "", ""]


def test_the_json_names_class_and_editions() -> None:
    assert Change("a", "neu", "a.md", "A", None, 1).as_json() == {
        "id": "a",
        "class": "neu",
        "file": "a.md",
        "from": None,
        "to": 1,
    }


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        (["abc"], ["cab"], "c"),
        (["abcd"], ["bcda"], "a"),
        (["ab", "cd"], ["abc", "d"], "c"),
        (["ab", "cd"], ["cd", "ab"], "abcd"),
        (["abc"], ["axbc"], ""),
        (["abc"], ["ac"], ""),
        (["abcdef"], ["abfcde"], "f"),
    ],
)
def test_few_moves_explain_an_order(old: list[str], new: list[str], moved: str) -> None:
    found = [name for name, kind in kinds(side(*old), side(*new)) if kind == "verschoben"]
    assert sorted(found) == sorted(moved)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(list(permutations(MANY, 6))))
def test_no_smaller_set_of_moves_explains_an_order(order: tuple[str, ...]) -> None:
    moved = {name for name, _kind in kinds(side(MANY), side("".join(order)))}
    stayed = [name for name in order if name not in moved]
    assert stayed == sorted(stayed)
    longest = max(
        (sum(1 for bit in range(6) if mask >> bit & 1))
        for mask in range(64)
        if (kept := [order[bit] for bit in range(6) if mask >> bit & 1]) == sorted(kept)
    )
    assert len(stayed) == longest
