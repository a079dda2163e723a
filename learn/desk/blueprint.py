"""The blueprint of `/verwaltung` and who may enter."""

from learn.core.access import Actor, coordinator, operator
from learn.core.web import Pages

pages = Pages("desk", __name__, template_folder="templates")


def staff(actor: Actor) -> bool:
    """Coordinators and operators."""
    return coordinator(actor) or operator(actor)
