"""Kills a process at one statement after the other until it comes to its end, forking it anew each time.

Every eighth statement by default; `KILLS=all` in the environment takes each.
"""

import os
import signal
from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from learn.config import Config
from learn.core.db import Database

EVERY = 1 if os.environ.get("KILLS") == "all" else 8
MOST = 500


def killed_at_each(config: Config, work: Callable[[Database], object], after_each: Callable[[], None]) -> int:
    """How many statements the work has, or some more; `after_each` looks at what a kill left behind.

    The work gets a database of its own process. Statements and commits count; the kill comes before each.
    """
    for number in range(0, MOST, EVERY):
        child = os.fork()
        if child == 0:
            _child(config, work, number)
        _child_id, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            assert os.waitstatus_to_exitcode(status) == 0, f"failed at statement {number}"
            return number
        after_each()
    raise AssertionError("the work never ends")


def _child(config: Config, work: Callable[[Database], object], number: int) -> None:
    left = number

    def count(*_what: Any) -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    code = 1
    try:
        database = Database.of(config)
        event.listen(database.writer, "before_cursor_execute", count)
        event.listen(database.writer, "commit", count)
        work(database)
        code = 0
    finally:
        os._exit(code)
