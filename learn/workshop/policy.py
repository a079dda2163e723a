"""Who may write courses."""

from learn.core.access import Actor

AUTHORS = frozenset({"trainer", "coordinator"})


def author(actor: Actor) -> bool:
    """Lernbegleitung and Koordination write all courses of the network together."""
    return bool(AUTHORS & actor.roles)
