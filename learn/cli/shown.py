"""Progress of long work: a bar on a terminal, else a line now and then, on standard error."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from tqdm import tqdm


@contextmanager
def shown(words: str, total: int) -> Iterator[Any]:
    """A bar on a terminal, else a line now and then; gives a function to count on with.

    Short work has a total of 0: it ends before anybody reads a line.
    """
    if total == 0:
        yield lambda _step: None
        return
    if sys.stderr.isatty():
        with tqdm(total=total, desc=words, leave=False) as bar:
            yield bar.update
        return
    done = 0

    def count(step: int) -> None:
        nonlocal done
        before, done = done, done + step
        if before * 10 // total != done * 10 // total:
            click.echo(f"{words}: {done} von {total}", err=True)

    yield count
