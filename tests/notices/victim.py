"""A worker that dies on demand, run as a script: imports once and forks for each line of standard input.

A line is `statements seconds`: the child dies before its n-th statement or commit (0: never), or is killed
after so many seconds (0: never). It answers with the child's exit code; 9 where it died as asked.
"""

import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import time_machine
from sqlalchemy import event
from sqlalchemy.engine import Engine

import learn  # noqa: F401 - registers all jobs
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


def work(url: str, folder: str, mail_url: str) -> NoReturn:
    """Do all jobs that are due."""
    config = make_config(Path(folder), url)
    config = replace(config, mail_url=mail_url or config.mail_url)
    logs.logger("json")
    with time_machine.travel(NOON, tick=False):
        work_off(jobs.Work(config, Database.of(config)))
    os._exit(0)


def main() -> None:
    for line in sys.stdin:
        statement, seconds = line.split()
        pid = os.fork()
        if pid == 0:
            if int(statement):
                die_at(int(statement))
            work(*sys.argv[1:4])
        if float(seconds):
            time.sleep(float(seconds))
            os.kill(pid, signal.SIGKILL)
        status = os.waitpid(pid, 0)[1]
        print(DEAD if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
