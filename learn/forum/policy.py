"""Who may do what in the forum: one function for each row of the table of permissions.

`mine`: whether the post (for a question: its first) is the actor's own; `PostAuthor` alone knows that.
Reading is decided by `audience`; nobody may do anything to what she may not read.
"""

from learn.core.access import Actor, coordinator, operator, trainer
from learn.forum.audience import Reader
from learn.forum.models import Post, Question


def may_write(actor: Actor) -> bool:
    """Everyone of a town, the Koordination and trainers; not the Betrieb, not visitors."""
    return actor.signed_in and (actor.municipality_id is not None or coordinator(actor) or trainer(actor))


def may_post_in(who: Reader, circle: str) -> bool:
    """Write where she reads."""
    return may_write(who.actor) and who.reads(circle)


def may_answer(who: Reader, question: Question) -> bool:
    """Answer and comment while the question is shown and open."""
    return may_post_in(who, question.listed) and not question.locked


def may_react(who: Reader, question: Question) -> bool:
    """„Ich auch“, „Hat geholfen“: a town says so, therefore only people of one."""
    return may_post_in(who, question.listed) and who.actor.municipality_id is not None


def may_follow(who: Reader, question: Question) -> bool:
    return may_post_in(who, question.circle)


def may_edit(who: Reader, post: Post, *, mine: bool) -> bool:
    """Authors their own, unless others have hidden it; the Koordination all, which is a redaction."""
    if coordinator(who.actor):
        return True
    return mine and may_write(who.actor) and post.hidden in {"", "zurueckgezogen"} and post.kind != "verweis"


def may_withdraw(who: Reader, post: Post, *, mine: bool) -> bool:
    """Authors their own, while it is shown."""
    return mine and may_write(who.actor) and not post.hidden and post.kind != "verweis"


def may_solve(who: Reader, question: Question, *, mine: bool) -> bool:
    """Mark a Lösung, give the verdict: who asked, her town, trainers, the Koordination."""
    if not may_post_in(who, question.listed):
        return False
    own_town = question.municipality_id is not None and question.municipality_id == who.actor.municipality_id
    return mine or own_town or trainer(who.actor) or coordinator(who.actor)


def may_retitle(who: Reader, question: Question, *, mine: bool) -> bool:
    """Change title, Themen, phase, lesson: who asked, trainers, the Koordination."""
    if not may_post_in(who, question.circle):
        return False
    return mine or trainer(who.actor) or coordinator(who.actor)


def may_change_level(who: Reader, question: Question, *, mine: bool) -> bool:
    """Who asked, and the Koordination."""
    return may_post_in(who, question.circle) and (mine or coordinator(who.actor))


def may_moderate(who: Reader, question: Question) -> bool:
    """Hide, lock, restore: the Koordination, and trainers in the Klassen that they accompany."""
    return coordinator(who.actor) or (trainer(who.actor) and question.circle in who.accompanied)


def may_rearrange(actor: Actor) -> bool:
    """Move, merge, split; decide reports; keep the Themen."""
    return coordinator(actor)


def may_report(who: Reader, question: Question) -> bool:
    """Whoever reads it; the Betrieb without a town only works on the installation."""
    return who.reads(question.listed) and (may_write(who.actor) or not operator(who.actor))
