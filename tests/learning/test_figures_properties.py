"""Random populations, counted day by day: whoever subtracts what is shown singles out nobody.

`naive` and `withholding` are the controls: the threshold alone, and the threshold that leaves out what stands
too near another figure, with the largest shown number below as its bound.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from learn.learning.figures import FEW, Shown, settle

Counts = dict[str, int]
Page = Mapping[str, tuple[int | None, bool]]
Rule = Callable[[list[Counts]], list[Page]]
NAMES = ("enrolled", "completed", "done:a", "done:b", "unclear:a:1", "asked:a")
EVERYTHING = (1 << len(NAMES)) - 1


def counted(people: Iterable[int]) -> Counts:
    """Each person is a set of bits; nobody completes or does a lesson who has not begun."""
    real = [one if one & 1 else one & 0b110000 for one in people]
    return {name: sum(one >> place & 1 for one in real) for place, name in enumerate(NAMES)}


@st.composite
def histories(draw: st.DrawFn) -> list[Counts]:
    """A population and what becomes of it: on each day some come, some leave, some do something."""
    who = st.integers(0, EVERYTHING)
    people = draw(st.lists(who, max_size=30))
    days = [counted(people)]
    for coming, leaving, changing in draw(
        st.lists(
            st.tuples(st.lists(who, max_size=7), st.integers(0, 12), st.lists(who, max_size=4)), max_size=8
        )
    ):
        people = [*changing, *people[len(changing) + leaving :], *coming]
        days.append(counted(people))
    return days


def ours(days: list[Counts]) -> list[Page]:
    found: list[Page] = []
    before = Shown()
    for counts in days:
        before = settle(before, counts)
        found.append({name: (before.of(name).number, before.of(name).about) for name in counts})
    return found


def naive(days: list[Counts]) -> list[Page]:
    return [{name: (n if n >= FEW else None, False) for name, n in counts.items()} for counts in days]


def withholding(days: list[Counts]) -> list[Page]:
    found: list[Page] = []
    for counts in days:
        public: list[int] = []
        page: dict[str, tuple[int | None, bool]] = {}
        for name, n in counts.items():
            apart = all(abs(n - other) >= FEW for other in public)
            bound = max((other for other in public if other <= n), default=FEW)
            page[name] = (n if apart else bound, not apart) if n >= FEW else (None, False)
            public += [n] if n >= FEW and apart else []
        found.append(page)
    return found


def numbers(pages: Iterable[Page]) -> set[int]:
    return {number for page in pages for number, _about in page.values() if number}


def few_apart(pages: Iterable[Page]) -> list[tuple[int, int]]:
    """Numbers of any figures, any days, whose difference would be a few people."""
    return [pair for pair in combinations(sorted(numbers(pages)), 2) if pair[1] - pair[0] < FEW]


def told(pages: list[Page]) -> list[Counts]:
    """What was shown, taken at its word: „weniger als 5“ as nobody."""
    return [{name: number or 0 for name, (number, _about) in page.items()} for page in pages]


@settings(max_examples=100, deadline=None)
@given(histories())
def test_no_two_numbers_ever_shown_are_a_few_people_apart(days: list[Counts]) -> None:
    pages = ours(days)
    assert few_apart(pages) == []
    assert all(number >= FEW for number in numbers(pages))


@settings(max_examples=100, deadline=None)
@given(histories())
def test_all_that_is_shown_would_read_the_same_had_nobody_made_a_difference(days: list[Counts]) -> None:
    """Another history, in which all figures and all differences are nobody or five and more, looks alike."""
    pages = ours(days)
    other = told(pages)
    assert ours(other) == pages
    values = [each[name] for each in other for name in NAMES]
    assert {abs(a - b) for a, b in combinations(values, 2)}.isdisjoint({1, 2, 3, 4})
    assert all(each[part] <= each["enrolled"] for each in other for part in NAMES[1:4])


@settings(max_examples=100, deadline=None)
@given(histories())
def test_what_is_shown_is_true(days: list[Counts]) -> None:
    """On its day each number is less than five away from the count; one without „rund“ was a count itself."""
    ever: dict[str, set[int]] = defaultdict(set)
    for counts, page in zip(days, ours(days), strict=True):
        for name, n in counts.items():
            ever[name].add(n)
            number, about = page[name]
            assert n < FEW if number is None else abs(n - number) < FEW
            assert about or number is None or number in ever[name]


@settings(max_examples=100, deadline=None)
@given(histories())
def test_a_number_changes_only_with_five_people(days: list[Counts]) -> None:
    before: Page = {}
    for page in ours(days):
        for name, found in told([before, page])[1].items():
            assert abs(found - told([before])[0].get(name, 0)) not in {1, 2, 3, 4}
        before = page
    assert ours([*days, days[-1]])[-1] == ours(days)[-1]


def proved(rule: Rule, days: int, most: int) -> set[int]:
    """Differences of one to four people that somebody who knows the rule can be sure of, by trying all.

    Two figures, one within the other, in all histories of small populations.
    """
    worlds = [(whole, part) for whole in range(most + 1) for part in range(whole + 1)]
    possible: dict[str, list[set[int]]] = {}
    for history in product(worlds, repeat=days):
        shown = repr(rule([{"enrolled": whole, "completed": part} for whole, part in history]))
        values = [each for pair in history for each in pair]
        differences = [abs(a - b) for a, b in combinations(values, 2)]
        known = possible.setdefault(shown, [set() for _ in differences])
        for place, difference in enumerate(differences):
            known[place].add(difference)
    sure = [found for each in possible.values() for found in each if found <= {1, 2, 3, 4}]
    return {min(found) for found in sure}


def test_nobody_can_be_sure_of_a_few_people_not_even_by_knowing_the_rule() -> None:
    assert proved(ours, days=1, most=30) == set()
    assert proved(ours, days=2, most=12) == set()
    assert proved(ours, days=3, most=6) == set()


def test_the_controls_fail() -> None:
    """The threshold alone shows a few; leaving out what is near hides them and tells of them all the same."""
    world = [{"enrolled": 10, "completed": 9}, {"enrolled": 11, "completed": 9}]
    assert few_apart(naive(world)) == [(9, 10), (9, 11), (10, 11)]
    assert few_apart(withholding(world[:1])) == []
    assert proved(naive, days=1, most=10) == {1, 2, 3, 4}
    assert 1 in proved(withholding, days=1, most=10)
