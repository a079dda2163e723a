"""Figures about learners come from one place, which lets nobody be singled out (security.md section 4.2)."""

import ast
from collections.abc import Iterable

from tests.house import rules

COUNTING = {
    "learn/learning/figures.py",  # what trainers see
    "learn/learning/affected.py",  # the report of publishing, masked where it is told
}
ADDS_UP = {"count", "sum", "avg"}


def counters(modules: Iterable[tuple[str, ast.Module]]) -> list[str]:
    """Functions that let the database add up rows which they do not take from their owner alone."""
    return [
        f"{name}:{function.name}"
        for name, tree in modules
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and _adds_up(function) and not _of_the_owner(function)
    ]


def _adds_up(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in ADDS_UP
        and isinstance(node.value, ast.Name)
        and node.value.id == "func"
        for node in ast.walk(function)
    )


def _of_the_owner(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr == "owner" for node in ast.walk(function))


def test_learners_are_counted_in_one_place() -> None:
    """No other package reaches their rows: `test_only_learning_itself_reads_anybodys_log`."""
    learning = list(rules.trees(rules.ROOT, "learn/learning/"))
    assert len(learning) > 15
    assert {each.partition(":")[0] for each in counters(learning)} == COUNTING
    planted = ast.parse(
        "def all_of_them(s):\n    return s.scalar(select(func.count()).select_from(Enrolment))\n"
        "def mine(s, actor):\n    return s.scalar(select(func.count()).where(Note.person == actor.owner))\n"
    )
    assert counters([("learn/learning/log.py", planted)]) == ["learn/learning/log.py:all_of_them"]
