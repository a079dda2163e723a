"""Takes the values out of what PostgreSQL says of a fault: its words end up in logs and beside failed jobs.

`DETAIL: Key (email_key)=(…) already exists.` and `CONTEXT: … parameter $1 = '…'` quote the row; the first
line names the constraint, which is enough to find the cause.
"""

import re

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

QUOTING = re.compile(r"\n(?:DETAIL|CONTEXT|HINT|QUERY):.*?(?=\n\[|\n\(|\Z)", re.DOTALL)
VALUE = re.compile(r"(invalid input [^:\n]*|out of range[^:\n]*): \"[^\n]*\"")


def listen(engine: Engine) -> None:
    """Let no fault of this engine's statements quote what is stored or was sent."""
    event.listen(engine, "handle_error", forget_values)


def forget_values(context: ExceptionContext) -> None:
    """Shorten the fault itself, so that nobody who prints it later has to think of it."""
    for problem in (context.original_exception, context.sqlalchemy_exception):
        if problem is not None:
            problem.args = tuple(
                without_values(part) if isinstance(part, str) else part for part in problem.args
            )


def without_values(words: str) -> str:
    """The words of a fault without the lines and quotations that hold values."""
    return VALUE.sub(r"\1", QUOTING.sub("", words))
