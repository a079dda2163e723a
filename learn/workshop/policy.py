"""Who may write courses."""

from learn.core.access import Actor

AUTHORS = frozenset({"trainer", "coordinator"})


def author(actor: Actor) -> bool:
    """Lernbegleitung and Koordination write all courses of the network together."""
    return bool(AUTHORS & actor.roles)


def adapter(actor: Actor) -> bool:
    """Who adds to courses for some Kommune."""
    return bool({"expert", "coordinator"} & actor.roles)


def may_adapt(actor: Actor, municipality_id: int) -> bool:
    """A Kommune's contacts add values and supplements for their own people; the Koordination for any Kommune.

    Who else belongs to the Kommune reads them; to write in its name is the contact's.
    """
    own = actor.municipality_id == municipality_id and "expert" in actor.roles
    return own or "coordinator" in actor.roles
