"""Forms of the forum as plain values, read alike from what was sent, from a draft and from a rescued text."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from learn.accounts import spelling
from learn.core import forms
from learn.core.i18n import gettext as _
from learn.forum.audience import COHORT, LEVELS, NETWORK
from learn.forum.circles import Klasse
from learn.forum.models import ForumDraft, Question
from learn.network.vocabulary import Vocabulary

PHASES = ("idee", "konzept", "vergabe", "betrieb")
ATTRIBUTIONS = ("name", "funktion")
TITLE = (10, 150)  # characters
MOST_TOPICS = 3
LARGEST_NUMBER = 2**31 - 1
Sent = MultiDict[str, str]
Faults = dict[str, str]  # sentence by field


def phase_names() -> list[tuple[str, str]]:
    """The phases in words, in their order."""
    return list(zip(PHASES, (_("Idee"), _("Konzept"), _("Vergabe"), _("Betrieb")), strict=True))


def source(fields: Mapping[str, Any]) -> Sent:
    """The fields of a draft as if they were sent."""
    return MultiDict(fields)


def new_key() -> str:
    """What makes a form sent twice one post."""
    return secrets.token_urlsafe(12)


def number(text: str | None) -> int | None:
    """A whole number of a hidden field that the tables can hold; None for anything else."""
    if not (text and text.isascii() and text.isdigit() and len(text) < 11):
        return None
    return int(text) if int(text) <= LARGEST_NUMBER else None


def typed(text: str | None) -> str:
    """A text as it is stored: lines end alike, nothing is cut."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def line(text: str | None) -> str:
    """A text on one line, without outer blanks."""
    return spelling.tidy(" ".join(typed(text).split()))


@dataclass(frozen=True, slots=True)
class Asking:
    """A Frage as it is being written. `topics` as sent: slugs, names, synonyms; the first is the main one."""

    title: str = ""
    body: str = ""
    tried: str = ""
    topics: tuple[str, ...] = ()
    suggested_topic: str = ""
    phase: str = PHASES[0]
    lesson: str = ""
    heading: str = ""
    visibility: str = NETWORK
    cohort: int | None = None
    attribution: str = ATTRIBUTIONS[0]
    key: str = field(default_factory=new_key)
    sequence: int = 1
    reason: str = ""
    base_revision: int = 0

    @classmethod
    def read(cls, sent: Sent, preset: "Asking | None" = None) -> "Asking":
        """The form; what is not in it, is as in `preset`."""
        base = preset or cls()
        return cls(
            title=line(sent.get("title", base.title)),
            body=typed(sent.get("body", base.body)),
            tried=typed(sent.get("tried", base.tried)),
            topics=tuple(filter(None, map(line, sent.getlist("topic")))) if "topic" in sent else base.topics,
            suggested_topic=line(sent.get("suggested_topic", base.suggested_topic))[:200],
            phase=sent.get("phase") or base.phase,
            lesson=line(sent.get("lesson", base.lesson))[:40],
            heading=line(sent.get("heading", base.heading))[:200],
            visibility=sent.get("visibility") or base.visibility,
            cohort=number(sent.get("cohort")) if "cohort" in sent else base.cohort,
            attribution=sent.get("attribution") or base.attribution,
            key=sent.get("key") or base.key,
            sequence=number(sent.get("sequence")) or base.sequence,
            reason=line(sent.get("reason", base.reason)),
            base_revision=number(sent.get("base_revision")) or base.base_revision,
        )

    def fields(self) -> dict[str, Any]:
        """What a draft keeps of it; texts that are empty, too: they may have been taken away."""
        kept = {
            "title": self.title,
            "body": self.body,
            "tried": self.tried,
            "topic": list(self.topics),
            "suggested_topic": self.suggested_topic,
            "phase": self.phase,
            "lesson": self.lesson,
            "heading": self.heading,
            "visibility": self.visibility,
            "cohort": str(self.cohort or ""),
            "attribution": self.attribution,
            "key": self.key,
            "reason": self.reason,
            "base_revision": str(self.base_revision or ""),
        }
        return {name: text for name, text in kept.items() if text or name in {"title", "body", "tried"}}

    def hidden(self) -> list[tuple[str, str]]:
        """All fields as they travel through the preview."""
        pairs = [(name, text) for name, text in self.fields().items() if isinstance(text, str)]
        return [*pairs, *(("topic", topic) for topic in self.topics), ("sequence", str(self.sequence))]

    @property
    def level_cohort(self) -> int | None:
        """The Klasse, where the level is one."""
        return self.cohort if self.visibility == COHORT else None

    def settled(self, klassen: Sequence[Klasse]) -> "Asking":
        """With the Klasse filled in where there is only one."""
        if self.visibility == COHORT and self.cohort is None and len(klassen) == 1:
            return replace(self, cohort=klassen[0].id)
        return self

    def chosen(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """The slugs of its topics, each once."""
        found = (vocabulary.find(word) for word in self.topics)
        return tuple(dict.fromkeys(slug for slug in found if slug is not None))

    def faults(
        self, vocabulary: Vocabulary, levels: Sequence[str] = LEVELS, klassen: Sequence[Klasse] = ()
    ) -> Faults:
        """What is wrong with everything but the texts, by field."""
        found = {"title": title_fault(self.title), "topic": self._topic_fault(vocabulary)}
        if self.phase not in PHASES:
            found["phase"] = _("Wählen Sie eine Phase aus der Liste.")
        foreign = self.visibility == COHORT and self.cohort not in {klasse.id for klasse in klassen}
        if self.visibility not in levels or foreign:
            found["visibility"] = _("Wählen Sie einen Kreis, zu dem Ihre Kommune gehört.")
        found["attribution"] = attribution_fault(self.attribution)
        return {name: sentence for name, sentence in found.items() if sentence}

    def _topic_fault(self, vocabulary: Vocabulary) -> str:
        known = all(vocabulary.find(word) for word in self.topics)
        if known and 1 <= len(self.chosen(vocabulary)) <= MOST_TOPICS:
            return ""
        return _("Wählen Sie 1 bis 3 Themen aus der Liste.")


def title_fault(title: str) -> str:
    """What is wrong with a title."""
    if not any(sign.isalnum() for sign in title):
        return _("Schreiben Sie Ihre Frage in das Feld.")
    if not TITLE[0] <= len(title) <= TITLE[1]:
        return _("Der Titel braucht 10 bis 150 Zeichen. Er hat %(number)s.", number=len(title))
    if not spelling.is_line(title):
        return _("Schreiben Sie den Titel ohne Steuerzeichen.")
    return ""


def attribution_fault(attribution: str) -> str:
    """Nobody is named otherwise than she chose."""
    return "" if attribution in ATTRIBUTIONS else _("Wählen Sie, wie Sie genannt werden.")


@dataclass(frozen=True, slots=True)
class Reply:
    """An Antwort or Rückfrage as it is being written."""

    text: str = ""
    attribution: str = ATTRIBUTIONS[0]
    key: str = field(default_factory=new_key)
    sequence: int = 1

    @classmethod
    def read(cls, sent: Sent, name: str) -> "Reply":
        """The form whose text is called `name`: answer, comment."""
        return cls(
            text=typed(sent.get(name)),
            attribution=sent.get("attribution") or ATTRIBUTIONS[0],
            key=sent.get("key") or new_key(),
            sequence=number(sent.get("sequence")) or 1,
        )

    def fields(self, name: str) -> dict[str, Any]:
        """What a draft keeps of it."""
        return {name: self.text, "attribution": self.attribution, "key": self.key}


@dataclass(frozen=True, slots=True)
class ReplyForm:
    """What `forum/_answer_form.html` draws. `name`: answer or comment; `faults` by field; `note`: words."""

    name: str
    action: str
    target: str
    reply: Reply
    note: str = ""
    faults: Faults = field(default_factory=dict)
    question_id: int = 0
    rescued: bool = False

    @property
    def is_answer(self) -> bool:
        return self.name == "answer"


def answer_form(question: Question, draft: ForumDraft | None = None) -> ReplyForm:
    """The form below a question, filled in with a text that was rescued, else with her draft."""
    return reply_form(
        "answer", f"/forum/fragen/{question.id}/antworten", f"antwort:{question.id}", question, draft
    )


def comment_form(question: Question, about_id: int, draft: ForumDraft | None = None) -> ReplyForm:
    """The form of a Rückfrage about a post, likewise."""
    return reply_form(
        "comment", f"/forum/beitraege/{about_id}/rueckfragen", f"rueckfrage:{about_id}", question, draft
    )


def reply_form(
    name: str, action: str, target: str, question: Question, draft: ForumDraft | None
) -> ReplyForm:
    """A form with what is known of its text."""
    kept = forms.claim(action, f"/forum/entwuerfe/{target}")
    reply, note = Reply(), ""
    if kept is not None:
        reply, note = Reply.read(MultiDict(kept.fields), name), _("Ihr Text ist noch da.")
    elif draft is not None:
        reply = replace(Reply.read(source(draft.fields), name), sequence=draft.sequence + 1)
        note = _("Ihr Entwurf ist geladen.")
    return ReplyForm(name, action, target, reply, note, {}, question.id, kept is not None)
