"""A worker that dies on demand, run as a script: imports once and forks for each line of standard input.

A line is `statements seconds`: the child dies before its n-th statement or commit (0: never), or is killed
after so many seconds (0: never). It answers with the child's exit code; 9 where it died as asked. The first
line is worked off without a child, so that all children find mappers, statements and templates prepared.
"""

import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import time_machine
from sqlalchemy import event
from sqlalchemy.engine import Engine

import learn  # noqa: F401 - registers all jobs
from learn.config import Config
from learn.core import jobs, logs
from learn.core.db import Database
from tests.conftest import make_config
from tests.notices.helpers import NOON, work_off

DEAD = 9


def die_at(statement: int) -> None:
    """End this process before its n-th statement or commit, as a power cut would."""
    left = [statement]

    def count(*_arguments: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            os._exit(DEAD)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)


def work(config: Config, database: Database) -> None:
    """Do all jobs that are due."""
    with time_machine.travel(NOON, tick=False):
        work_off(jobs.Work(config, database))


def forked(statement: int, seconds: float, config: Config, database: Database) -> int:
    """The same in a child that may die of it; its exit code."""
    pid = os.fork()
    if pid == 0:
        if statement:
            die_at(statement)
        work(config, database)
        os._exit(0)
    if seconds:
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
    status = os.waitpid(pid, 0)[1]
    return DEAD if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status)


def main() -> None:
    url, folder, mail_url = sys.argv[1:4]
    config = make_config(Path(folder), url)
    config = replace(config, mail_url=mail_url or config.mail_url)
    logs.logger("json")
    database = Database.of(config)
    sys.stdin.readline()
    work(config, database)
    database.dispose()  # no child may find an open connection
    print(0, flush=True)
    for line in sys.stdin:
        statement, seconds = line.split()
        print(forked(int(statement), float(seconds), config, database), flush=True)


if __name__ == "__main__":
    main()
