"""What may be done with a course under review, and which one thing comes next. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

HAND_IN, SEND_BACK, APPROVE = "einreichen", "zurueckgeben", "freigeben"
PUBLISH, PLAN, CALL_OFF, CHECK = "veroeffentlichen", "planen", "absagen", "pruefen"


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a course stands for the person who looks.

    `stand`: entwurf, freigabe, bereit. `sound`: nothing speaks against publishing; None while nobody knows.
    `clashing`: a text was changed in Git, too.
    `involved`: she handed it in or wrote any of it. `planned`: a time is set, `busy`: it has just come.
    """

    changed: bool
    stand: str
    sound: bool | None
    four_eyes: bool
    involved: bool
    planned: bool
    busy: bool
    clashing: bool = False

    @property
    def may_publish(self) -> bool:
        return self.sound is True and (self.stand == "bereit" or not self.four_eyes)

    @property
    def may_approve(self) -> bool:
        waits = self.sound is True and self.stand == "freigabe"
        return waits and not (self.four_eyes and self.involved)


def steps(found: Situation) -> tuple[str, ...]:
    """What may be done now, the main thing first."""
    if found.busy or not found.changed:
        return ()
    possible = set(_possible(found))
    first = (APPROVE, HAND_IN, PUBLISH) if found.four_eyes else (PUBLISH, HAND_IN, APPROVE)
    return tuple(step for step in (CHECK, *first, PLAN, SEND_BACK, CALL_OFF) if step in possible)


def _possible(found: Situation) -> Iterator[str]:
    if found.sound is None:
        yield CHECK
    if found.stand == "entwurf" and not found.clashing:
        yield HAND_IN
    if found.may_approve:
        yield APPROVE
    if found.may_publish:
        yield from (PUBLISH, PLAN)
    if found.stand != "entwurf":
        yield SEND_BACK
    if found.planned or found.stand == "freigabe":
        yield CALL_OFF
