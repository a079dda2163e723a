"""Words for what material does not name in our terms: titles, file names, language, licence, minutes."""

import re
from collections.abc import Collection, Mapping
from pathlib import PurePosixPath
from typing import Any

from learn.core.folding import fold
from learn.courses.values import clean

TITLE = 120
NAME = 60  # characters of a slug, so that number and suffix fit into 80
COUNTED = (
    "lesson|lektion|kapitel|chapter|ch|week|woche|day|tag|module?|part|teil|unit|section|episode|ep|step"
)
NUMBER = re.compile(
    rf"^(?:\d{{4}}-\d\d-\d\d|(?:(?:{COUNTED})[-_ ]?)?\d+[a-z]?)(?=[-_. ])[-_. ]*", re.IGNORECASE
)
WORDS_A_MINUTE = 150
LONGEST = 60
INDEX = frozenset({"readme", "index", "_index"})
COMMON = {
    "de": "der die das und ist nicht ein eine mit für auf sie werden wird von zu den dem im auch",
    "en": "the and is of to in that you it for with this are be on as your can we or",
    "fr": "le la les et est des une que pour dans vous qui sur avec pas nous sont ce au du",
    "es": "el los las y es que una para con por del se como su al más este lo puede usted",
    "it": "il gli e è che di una per con del della non si come sono questo alla nel le più",
    "nl": "de het een en is van dat niet te met voor op je wordt zijn ook aan deze bij als",
    "pt": "o os as e é que uma para com por do da em não se como seu mais este você",
}
LICENCES = (
    ("geschuetzt", re.compile(r"non-?commercial|no-?deriv|by-n[cd]|all rights reserved", re.IGNORECASE)),
    ("CC-BY-SA-4.0", re.compile(r"by-sa[ -]4\.0|by-sa/4\.0|share-?alike 4\.0", re.IGNORECASE)),
    ("CC-BY-4.0", re.compile(r"cc[ -]by[ -]4\.0|licenses/by/4\.0|attribution 4\.0", re.IGNORECASE)),
    ("CC0-1.0", re.compile(r"cc0[ -]1\.0|publicdomain/zero/1\.0", re.IGNORECASE)),
)


def words(value: Any, limit: int = TITLE) -> str:
    """A text of one line within a limit; empty where there is none."""
    if not isinstance(value, str):
        return ""
    line = " ".join(value.split())
    if len(line) > limit:
        line = line[: limit - 1].rsplit(" ", 1)[0][: limit - 1] + "…"
    return clean(line, limit) or ""


def spoken(name: str) -> str:
    """A name of a file or folder as words: `03-erste_schritte` is „Erste schritte“."""
    bare = NUMBER.sub("", name) or name
    found = " ".join(re.sub(r"[-_]+", " ", bare).split())
    return words(found[:1].upper() + found[1:]) or "Ohne Titel"


def own_name(path: str) -> str:
    """What a file is called: a README is called like its folder."""
    found = PurePosixPath(path)
    stem = found.name.partition(".")[0] if found.name.count(".") > 1 else found.stem
    return found.parent.name if stem.lower() in INDEX and found.parent.name else stem


def slug(name: str, fallback: str, taken: Collection[str], *, numbered: bool = True) -> str:
    """A name as addresses need it, not one of `taken`; of a numbered one without its number."""
    for candidate in (NUMBER.sub("", name) if numbered else name, name, fallback):
        base = re.sub(r"[^a-z0-9]+", "-", fold(candidate)).strip("-")[:NAME].strip("-")
        if base and not base.isdigit():
            break
    else:
        base = "lektion"
    found, number = base, 1
    while found in taken:
        number += 1
        found = f"{base}-{number}"
    return found


def language(settings: Mapping[str, Any], sample: str) -> str:
    """What the settings say, else the language whose most common words are most common here."""
    for key in ("lang", "language", "languageCode", "defaultContentLanguage", "locale"):
        value = settings.get(key)
        if isinstance(value, str) and re.fullmatch(r"[A-Za-z]{2}(?:[-_]\w{2,8})?", value):
            return value[:2].lower()
    found = re.findall(r"[^\W\d_]+", sample.lower())
    counts = {name: sum(map(found.count, common.split())) for name, common in COMMON.items()}
    best = max(counts, key=lambda name: (counts[name], name == "de"))
    return best if counts[best] else "de"


def licence(texts: str) -> str:
    """What the texts of the licence clearly allow; `geschuetzt` where they do not."""
    return next((name for name, pattern in LICENCES if pattern.search(texts)), "geschuetzt")


def minutes(count: int) -> int:
    """Minutes that reading so many words takes."""
    return min(max(-(-count // WORDS_A_MINUTE), 1), LONGEST)
