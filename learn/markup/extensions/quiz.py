"""Quizzes: headings with a `frage` mark become questions, as data without any form."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import cast, get_args

from learn.markup.answers import solution
from learn.markup.context import Context
from learn.markup.extensions.headings import LEVELS
from learn.markup.extensions.solution import texts
from learn.markup.model import Kind, Option, Question
from learn.markup.output import Writer
from learn.markup.tree import Node, items, kids, plain, walk

_LISTS = frozenset({"ol", "ul"})
_CHOICE = (2, 8)
_ORDER = (3, 8)


@dataclass(slots=True)
class Draft:
    """A question's blocks before it is read."""

    heading: Node | None = None
    mark: Node | None = None
    blocks: list[Node] = field(default_factory=list)

    @property
    def line(self) -> int:
        first = self.heading if self.heading is not None else self.mark
        return first.line if first is not None else self.blocks[0].line


def questions(place: Node, context: Context, writer: Writer) -> tuple[Question, ...]:
    """The questions in `place`, faults K401 to K405 noted on the way."""
    drafts = list(_drafts(kids(place), context))
    if not drafts:
        context.fault("K401", place.line)
    reader = _Reader(context, writer)
    return tuple(reader.question(draft, draft.mark) for draft in drafts if draft.mark is not None)


def _drafts(blocks: Iterable[Node], context: Context) -> list[Draft]:
    drafts: list[Draft] = []
    for node in blocks:
        if node.tag in LEVELS or not drafts:
            drafts.append(Draft())
        draft = drafts[-1]
        if node.tag in LEVELS:
            draft.heading = node
        elif node.tag != "marke":
            draft.blocks.append(node)
        else:
            if draft.heading is None or draft.blocks or draft.mark is not None:
                context.fault("K401", node.line)
            draft.mark = draft.mark if draft.mark is not None else node
    for draft in drafts:
        if draft.mark is None:
            context.fault("K401", draft.line)
    return drafts


class _Reader:
    def __init__(self, context: Context, writer: Writer) -> None:
        self.context = context
        self.writer = writer

    def question(self, draft: Draft, mark: Node) -> Question:
        heading = draft.heading
        kind = self._kind(draft, mark)
        question = Question(
            id=mark.get("id") or "",
            kind=kind,
            html=self.writer.inner(heading) if heading is not None else "",
            text=plain(heading) if heading is not None else "",
            lesson=self._lesson(mark),
            line=draft.line,
        )
        index = _answers(draft.blocks, kind)
        if index is None:
            self._without_answers(kind, mark)
            return replace(question, hint=self._blocks(draft.blocks))
        question = replace(question, hint=self._blocks(draft.blocks[:index]))
        return self._read(question, draft.blocks[index], draft.blocks[index + 1 :])

    def _lesson(self, mark: Node) -> str:
        lesson = mark.get("lektion") or ""
        if lesson and self.context.kind != "fragen":
            self.context.fault("K202", mark.line, name="lektion")
        return lesson

    def _kind(self, draft: Draft, mark: Node) -> Kind:
        typ = mark.get("typ")
        if typ in get_args(Kind):
            return cast("Kind", typ)
        if typ:
            self.context.fault("K202", mark.line, name=f"typ={typ}")
        first = next((block.tag for block in draft.blocks if block.tag in _LISTS), "ol")
        return "einfach" if first == "ol" else "mehrfach"

    def _without_answers(self, kind: Kind, mark: Node) -> None:
        if kind in {"zahl", "text"}:
            self.context.fault("K403", mark.line)
        else:
            self._number(0, _ORDER if kind == "reihenfolge" else _CHOICE, mark.line)

    def _read(self, question: Question, answers: Node, after: list[Node]) -> Question:
        if question.kind in {"zahl", "text"}:
            question = self._solutions(question, answers)
        elif question.kind == "zuordnung":
            question = self._pairs(question, answers)
        else:
            more = self._scattered(answers, after)
            found = [item for node in (answers, *more) for item in kids(node)]
            taken = {id(block) for block in more}
            after = [block for block in after if id(block) not in taken]
            question = self._listed(question, answers, found, whole=not more)
        return replace(question, explanation=self._blocks(after))

    def _scattered(self, answers: Node, after: list[Node]) -> list[Node]:
        """Lists behind a quote that ought to be indented."""
        more: list[Node] = []
        for quote, node in pairwise(after):
            if quote.tag == "blockquote" and node.tag == answers.tag:
                self.context.fault("K404", quote.line)
                more.append(node)
        return more

    def _listed(self, question: Question, answers: Node, found: list[Node], *, whole: bool) -> Question:
        if question.kind == "reihenfolge":
            if whole:
                self._number(len(found), _ORDER, answers.line)
            return replace(question, items=tuple(self.writer.option(item) for item in found))
        if whole:
            self._number(len(found), _CHOICE, answers.line)
            self._ticks(question.kind, found, answers.line)
        return replace(question, options=tuple(self._option(item) for item in found))

    def _ticks(self, kind: Kind, found: list[Node], line: int) -> None:
        ticked = [item for item in found if item.tick]
        bare = [item for item in found if item.tick is None]  # would silently count as wrong
        amount = "genau ein" if kind == "einfach" else "mindestens ein"
        if not ticked:
            self.context.fault("K402", line, anzahl=amount)
        elif kind == "einfach" and len(ticked) > 1:
            self.context.fault("K402", ticked[1].line, anzahl=amount)
        elif bare:
            self.context.fault("K402", bare[0].line, anzahl=amount)

    def _option(self, item: Node) -> Option:
        quotes = [child for child in kids(item) if child.tag == "blockquote"]
        return Option(self.writer.option(item), correct=bool(item.tick), feedback=self._blocks(quotes))

    def _solutions(self, question: Question, details: Node) -> Question:
        found = texts(details)
        fits = all(found) and (
            question.kind == "text" or (len(found) == 1 and solution(found[0]) is not None)
        )
        if not fits:
            self.context.fault("K403", _solution_line(details))
        return replace(question, solutions=found)

    def _pairs(self, question: Question, table: Node) -> Question:
        rows = [kids(row) for row in walk(table, "tr")]
        head, body = (rows[0], rows[1:]) if rows else ([], [])
        self._number(len(body), _CHOICE, table.line)
        right = [plain(row[1]) for row in body if len(row) == 2]
        if len(head) != 2 or len(set(right)) != len(body) or not all(right):
            self.context.fault("K403", table.line)
            return question
        return replace(
            question,
            columns=(self.writer.words(head[0]), self.writer.words(head[1])),
            pairs=tuple((self.writer.inner(row[0]), self.writer.words(row[1])) for row in body),
        )

    def _number(self, count: int, bounds: tuple[int, int], line: int) -> None:
        low, high = bounds
        if not low <= count <= high:
            self.context.fault("K405", line, von=str(low), bis=str(high))

    def _blocks(self, blocks: list[Node]) -> str:
        """HTML of these blocks; quotes give their content only."""
        content: list[str | Node] = []
        for block in blocks:
            content.extend(items(block) if block.tag == "blockquote" else [block])
        return self.writer.html(content)


def _solution_line(details: Node) -> int:
    body = [child for child in kids(details) if child.tag != "summary"]
    return body[0].line if body else details.line


def _answers(blocks: list[Node], kind: Kind) -> int | None:
    """Where the answers stand."""
    if kind in {"zahl", "text"}:
        wanted = {"details"}
    elif kind == "zuordnung":
        wanted = {"table"}
    else:
        wanted = {"ol"} if kind in {"einfach", "reihenfolge"} else {"ul"}
    found = [index for index, block in enumerate(blocks) if block.tag in wanted]
    return found[0] if found else None
