"""Own fictional texts and queries with what answers them, judged by meaning.

`texte.txt`: kind, id, title, text, answers, parted by `::`. `anfragen.txt`: a query and the ids of all texts
that answer it. Half of the queries, chosen by a hash, is held out: nothing was ever adjusted to it.
`texte-2.txt` with `anfragen-2.txt` and `texte-3.txt` with `anfragen-3.txt` are two more such sets, each
judged on its own texts; none of their queries is held out.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from learn.search.documents import Document

KINDS = {"f": "frage", "l": "lektion", "b": "begriff", "k": "kommune"}
FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Query:
    """A query and the refs of what answers it."""

    text: str
    answers: frozenset[str]
    held_out: bool


MORE = ("-2", "-3")


def documents(which: str = "") -> tuple[list[Document], list[tuple[str, str]]]:
    """The texts, and the other names of glossary terms in both directions."""
    found: list[Document] = []
    pairs: list[tuple[str, str]] = []
    for line in _lines(f"texte{which}.txt"):
        head, title, text, *answers = line.split(" :: ")
        letter, name = head.split()
        title, _bracket, also = title.removesuffix(")").partition(" (") if letter == "b" else (title, "", "")
        names = tuple(also.split(", ")) if also else ()
        pairs += [pair for name_ in names for pair in ((name_, title), (title, name_))]
        ref = f"{KINDS[letter]}:{name}"
        found.append(Document(ref, KINDS[letter], "oeffentlich", title, text, names=names))
        found += [
            Document(f"beitrag:{name}-{number}", "frage", "oeffentlich", "", answer, group=ref)
            for number, answer in enumerate(answers)
        ]
    return found, pairs


def queries(which: str = "") -> list[Query]:
    """All queries with their judgements."""
    letters = {line.split(" ")[1]: KINDS[line[0]] for line in _lines(f"texte{which}.txt")}
    found = []
    for line in _lines(f"anfragen{which}.txt"):
        text, ids = line.split(" :: ")
        answers = frozenset(f"{letters[name]}:{name}" for name in ids.split())
        found.append(Query(text, answers, not which and hashlib.sha256(text.encode()).digest()[0] % 2 == 1))
    return found


def _lines(name: str) -> list[str]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
