"""Who may open, join and leave a Klasse, and who looks after towns."""

from collections.abc import Collection

import pytest

from learn.core.access import VISITOR, Actor
from learn.network import policy
from learn.network.laender import land
from learn.network.models import Municipality


def somebody(*roles: str, town: int | None = 1) -> Actor:
    return Actor(person_id=5, municipality_id=town, roles=frozenset(roles))


@pytest.mark.parametrize(
    ("actor", "member", "accompanied", "expected"),
    [
        (VISITOR, False, (), False),
        (somebody(), True, (), True),
        (somebody(), False, (), False),
        (somebody(town=None), True, (), False),
        (somebody("expert"), False, (), False),
        (somebody("operator"), False, (), False),
        (somebody("operator", town=None), False, (), False),
        (somebody("coordinator", town=None), False, (), True),
        (somebody("trainer"), False, None, True),
        (somebody("trainer"), False, {3}, True),
        (somebody("trainer"), False, {4}, False),
        (somebody("trainer"), True, {4}, True),
        (somebody(), False, None, False),
    ],
)
def test_who_opens_a_klasse(
    actor: Actor, member: bool, accompanied: Collection[int] | None, expected: bool
) -> None:
    assert policy.may_open_cohort(actor, 3, member=member, accompanied=accompanied) is expected


def test_everybody_with_a_town_may_join_and_its_contacts_may_leave() -> None:
    assert policy.may_join_cohort(somebody())
    assert not policy.may_join_cohort(somebody("coordinator", town=None))
    assert policy.may_leave_cohort(somebody("expert"), member=True)
    assert not policy.may_leave_cohort(somebody("expert"), member=False)
    assert not policy.may_leave_cohort(somebody(), member=True)
    assert not policy.may_leave_cohort(somebody("coordinator"), member=True)


def test_towns_are_the_koordinations_and_contacts_a_pioneers() -> None:
    assert policy.may_edit_towns(somebody("coordinator"))
    assert not policy.may_edit_towns(somebody("operator", "trainer", "expert"))
    assert policy.may_have_experts(Municipality(role="pionier"))
    assert not policy.may_have_experts(Municipality(role="mitglied"))


def test_the_key_names_the_land() -> None:
    assert land("05966024") == "Nordrhein-Westfalen"
    assert land("16077001") == "Thüringen"
    assert land("99000001") == ""
