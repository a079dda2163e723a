"""The Abschlusstest of a release, from what publishing has stored beside its pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.courses.cache import weight
from learn.courses.library import CACHE
from learn.courses.models import Release
from learn.courses.ready import ready
from learn.markup import store
from learn.markup.model import Question, Quiz


@dataclass(frozen=True, slots=True)
class FinalTest:
    """`needed` right answers pass; each attempt draws `drawn` of the questions."""

    id: str
    title: str
    edition: int
    needed: int
    drawn: int
    questions: tuple[Question, ...]

    def question(self, name: str) -> Question | None:
        return next((question for question in self.questions if question.id == name), None)


def final_test(session: Session, release_id: int) -> FinalTest | None:
    """The test of a release, None where it has none: no statement when it is cached."""
    key = ("test", release_id)
    found: FinalTest | None = CACHE.get(key)
    if found is None:
        details = session.scalar(select(Release.details).where(Release.id == release_id))
        data = details.get("test") if details else None
        if data is None:
            return None
        found = _made(data)
        CACHE.put(key, found, weight(data))
    return found


def _made(data: Mapping[str, Any]) -> FinalTest:
    quizzes = (part for part in ready(store.load(data["parts"])) if isinstance(part, Quiz))
    questions = tuple(question for quiz in quizzes for question in quiz.questions)
    drawn = min(data["draw"] or len(questions), len(questions))
    return FinalTest(
        id=data["id"],
        title=data["title"],
        edition=data["edition"],
        needed=min(data["pass"], drawn),
        drawn=drawn,
        questions=questions,
    )
