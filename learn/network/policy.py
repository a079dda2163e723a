"""Who may do what with towns and Klassen; `cohort_ids` of a trainer: None means that she accompanies all."""

from collections.abc import Collection

from learn.core.access import Actor, coordinator, expert, trainer
from learn.network.models import Municipality


def may_have_experts(town: Municipality) -> bool:
    """Contacts answer for topics of a pioneer town; those of a former one stay until their role is taken."""
    return town.role == "pionier"


def may_open_cohort(
    actor: Actor, cohort_id: int, *, member: bool, accompanied: Collection[int] | None = ()
) -> bool:
    """People of its towns (`member`), the trainers who accompany it, the Koordination.

    To everybody else it does not exist, also to the Betrieb.
    """
    accompanies = trainer(actor) and (accompanied is None or cohort_id in accompanied)
    return coordinator(actor) or accompanies or (actor.municipality_id is not None and member)


def may_join_cohort(actor: Actor) -> bool:
    """Everyone who belongs to a town may bring it in by the link; the whole town joins."""
    return actor.municipality_id is not None


def may_leave_cohort(actor: Actor, *, member: bool) -> bool:
    """The town's contacts; beside them the Koordination, at the desk."""
    return member and actor.municipality_id is not None and expert(actor)


def may_edit_towns(actor: Actor) -> bool:
    """Data of towns and Klassen are the Koordination's."""
    return coordinator(actor)
