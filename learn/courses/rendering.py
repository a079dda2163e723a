"""Rendering of texts in guarded processes: two workers for many, this process's guard for few."""

import json
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from learn.courses import trace
from learn.courses.heads import FileKind
from learn.courses.surroundings import Resolver, Shared
from learn.courses.trace import Trace
from learn.markup import guard, store
from learn.markup.model import Rendered, Term

MANY = 60  # from here on starting two processes pays
WORKERS = 2
AHEAD = 16  # texts on their way, so that memory stays small
Step = Callable[[int], object]  # told how many texts more are done
Progress = Callable[[int], Step]  # told how many there are in all


@dataclass(frozen=True, slots=True)
class Task:
    """A text to render."""

    path: str
    body: str
    kind: FileKind
    first_line: int
    title: str = ""
    formulas: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A rendered text: its trace, and parts and headings as packed JSON."""

    path: str
    trace: Trace
    packed: bytes
    terms: tuple[Term, ...] = ()
    title: str = ""

    @property
    def parts(self) -> list[Any]:
        """Parts as JSON, as they are stored."""
        found: list[Any] = json.loads(zlib.decompress(self.packed))["parts"]
        return found

    @property
    def headings(self) -> list[Any]:
        found: list[Any] = json.loads(zlib.decompress(self.packed))["headings"]
        return found


def render(tasks: Iterable[Task], count: int, shared: Shared, step: Step | None = None) -> Iterator[Drawn]:
    """Render the `count` texts of one course, in order; tasks are asked for as they are needed."""
    few = (draw(task, shared) for task in tasks)
    for found in few if count < MANY else _parallel(tasks, shared):
        yield found
        if step:
            step(1)


def _parallel(tasks: Iterable[Task], shared: Shared) -> Iterator[Drawn]:
    """Two guarded processes, each driven by a thread that mostly waits."""
    guards: SimpleQueue[guard.Guard] = SimpleQueue()
    for _ in range(WORKERS):
        guards.put(guard.Guard())

    def one(task: Task) -> Drawn:
        mine = guards.get()
        try:
            return draw(task, shared, mine.render)
        finally:
            guards.put(mine)

    waiting: deque[Future[Drawn]] = deque()
    try:
        with ThreadPoolExecutor(WORKERS) as pool:
            for task in tasks:
                waiting.append(pool.submit(one, task))
                if len(waiting) > AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
    finally:
        while not guards.empty():
            guards.get().close()


def draw(task: Task, shared: Shared, render: Callable[..., Rendered] = guard.render) -> Drawn:
    """Render one text under the guard; a text that is too slow or too large yields a problem."""
    resolver = Resolver(task.path, shared)
    try:
        rendered = render(
            task.body,
            "kurs",
            resolver,
            first_line=task.first_line,
            formulas=task.formulas,
            kind=task.kind,
            title=task.title,
        )
    except guard.Refused as problem:
        return undrawn(task.path, str(problem))
    parts = store.dump(rendered.parts)
    headings = [{"level": h.level, "slug": h.slug, "text": h.text, "line": h.line} for h in rendered.headings]
    packed = zlib.compress(json.dumps({"parts": parts, "headings": headings}).encode(), 1)
    found = trace.of(rendered, resolver, task.body, task.first_line)
    return Drawn(task.path, found, packed, rendered.terms, rendered.title)


def undrawn(path: str, problem: str = "") -> Drawn:
    """A text that is not rendered, and why, one German sentence."""
    return Drawn(path, Trace(problem=problem), zlib.compress(b'{"parts": [], "headings": []}'))
