"""What a text looks like to learners before it is published, and what publishing would say of it.

The same guard, the same surroundings and the same stored form as publishing takes; nothing is written.
"""

from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy.orm import Session

from learn.core.access import Actor
from learn.courses import frontmatter, heads, ready, rendering
from learn.courses.heads import FileKind
from learn.courses.surroundings import Shared
from learn.markup import store
from learn.markup.model import Exercise, Html, Part, Plan, Quiz, Severity
from learn.workshop import keys


@dataclass(frozen=True, slots=True)
class Line:
    """A finding at a line (0: nowhere in particular). `excerpt`: what stands there. `code`: K… or empty."""

    severity: Severity
    sentence: str
    line: int = 0
    excerpt: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Hint:
    """What may be better (`good` false) or is fine; never in the way of publishing."""

    sentence: str
    good: bool = False
    href: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as its page will draw it.

    `parts`: pairs of kind and part; kinds `html`, `quiz`, `exercise`, `plan`, `term`. `words` of the text,
    `minutes` of reading it. `problem`: why it cannot be drawn, one sentence.
    """

    title: str
    kind: FileKind
    parts: tuple[tuple[str, object], ...] = ()
    findings: tuple[Line, ...] = ()
    words: int = 0
    minutes: int = 0
    hints: tuple[Hint, ...] = ()
    problem: str = ""

    @property
    def errors(self) -> int:
        """How many findings are in the way of publishing."""
        return sum(each.severity == "error" for each in self.findings)


def preview(session: Session, actor: Actor, key: str, text: str) -> Preview:  # noqa: ARG001
    """The text (a whole file) as it would look in its working copy. Raises nothing for what it says."""
    kind = keys.kind_of(key)
    front = frontmatter.split(text)
    head = heads.read(front, kind)
    task = rendering.Task(
        path=f"{key}.md",
        body=front.body,
        kind=kind,
        first_line=front.body_line,
        title=head.text("titel"),
        formulas=head.flag("formeln"),
    )
    drawn = rendering.draw(task, Shared({}, {}))
    parts = ready.ready(store.load(drawn.parts))
    shown = tuple((_kind(part), _shown(part)) for part in parts)
    return Preview(head.text("titel"), kind, shown, problem=drawn.trace.problem)


def _kind(part: Part) -> str:
    kinds = {Quiz: "quiz", Exercise: "exercise", Plan: "plan"}
    return kinds.get(type(part), "html")


def _shown(part: Part) -> Part | Markup:
    return Markup(part.html) if type(part) is Html else part  # noqa: S704 - sanitised
