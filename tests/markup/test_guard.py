"""Rendering in a child process: limits in time and memory, shared objects, threads, forks."""

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from learn.markup import guard, render
from learn.markup.model import Html, Link, Picture, Unresolved
from tests.markup.support import World


@pytest.fixture(autouse=True)
def _no_child_stays() -> Iterator[None]:
    yield
    guard.close()


@dataclass(frozen=True)
class Pages:
    """What many resolvers share; counts how often it is pickled."""

    key: str
    names: dict[str, str]
    pickled: list[int] = field(default_factory=list, compare=False)

    def __getstate__(self) -> dict[str, object]:
        self.pickled.append(1)
        return {"key": self.key, "names": self.names, "pickled": []}


@dataclass(frozen=True)
class Site:
    base: str
    shared: Pages

    def picture(self, target: str) -> Picture | Unresolved:
        return Unresolved("K501", {"pfad": target})

    def link(self, target: str) -> Link | Unresolved:
        name = self.shared.names.get(f"{self.base}/{target}")
        return Link(name, name) if name else Unresolved("K503", {"ziel": target})

    def knows_value(self, name: str) -> bool:
        return bool(name)


@dataclass(frozen=True)
class Stuck(World):
    """A resolver that never comes back, as a text would that takes too long."""

    def knows_value(self, name: str) -> bool:
        while name:
            pass
        return False


@dataclass(frozen=True)
class Greedy(World):
    def knows_value(self, name: str) -> bool:
        return len(bytearray(1024**3)) > len(name)


def test_it_gives_what_rendering_gives() -> None:
    text = "# T\n\n[a](nirgends.md) ![x](bilder/b.png)"
    assert guard.render(text, "kurs", World(), title="X") == render(text, "kurs", World(), title="X")


def test_what_is_shared_is_sent_once_per_key() -> None:
    pages = Pages("eins", {"k/a": "/a", "l/a": "/b"})
    for base, href in (("k", "/a"), ("l", "/b")):
        found = guard.render("[x](a)", "kurs", Site(base, pages)).parts
        assert found == (Html(f'<p><a href="{href}">x</a></p>'),)
    assert len(pages.pickled) == 1
    for number in range(6):
        guard.render("[x](a)", "kurs", Site("k", Pages(f"neu {number}", {"k/a": "/a"})))
    assert guard.render("[x](a)", "kurs", Site("k", pages)).faults == ()
    assert len(pages.pickled) == 2


def test_a_text_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "LIMITS", (0.2, 0.4))
    guard.render("a", "kurs")
    began = time.monotonic()
    with pytest.raises(guard.TooSlow, match="braucht zu lange"):
        guard.render("[a](var:b)", "kurs", Stuck())
    assert time.monotonic() - began < 10  # instead of for ever
    monkeypatch.setattr(guard, "LIMITS", (2.0, 20.0))
    assert guard.render("a", "kurs").parts == (Html("<p>a</p>"),)


def test_a_text_that_takes_too_much_memory_is_given_up() -> None:
    with pytest.raises(guard.Refused, match="verschachtelt"):
        guard.render("[a](var:b)", "kurs", Greedy())
    assert guard.render("a", "kurs").parts == (Html("<p>a</p>"),)


def test_a_dead_child_is_replaced() -> None:
    guard.render("a", "kurs")
    child = guard._guard.child
    assert child is not None
    child.process.kill()
    child.process.wait()
    assert guard.render("a", "kurs").parts == (Html("<p>a</p>"),)


@pytest.mark.parametrize(
    ("text", "profile"),
    [("a" * 20_001, "beitrag"), ("ä" * 131_073, "kurs"), ((">" * 12 + "a\n\n") * 1_300, "beitrag")],
)
def test_what_is_too_large_is_refused(text: str, profile: str) -> None:
    with pytest.raises(guard.Refused, match=r"Kürzen"):
        guard.render(text, profile)  # type: ignore[arg-type]  # a profile


def test_threads_take_turns() -> None:
    found: list[object] = []
    threads = [
        threading.Thread(
            target=lambda number=number: found.append((number, guard.render(f"a{number}", "kurs").parts))
        )
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found, key=repr) == [(number, (Html(f"<p>a{number}</p>"),)) for number in range(8)]


def test_a_forked_process_starts_its_own_child() -> None:
    guard.render("a", "kurs")
    first = guard._guard.child
    assert first is not None
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:  # the forked process reports what it sees and ends without pytest
        found = guard.render("b", "kurs").parts == (Html("<p>b</p>"),)
        other = guard._guard.child is not first
        os.write(writer, b"1" if found and other else b"0")
        guard.close()
        os._exit(0)
    os.waitpid(pid, 0)
    assert os.read(reader, 1) == b"1"
    os.close(reader)
    os.close(writer)
    assert first.alive()
    assert guard.render("a", "kurs").parts == (Html("<p>a</p>"),)
