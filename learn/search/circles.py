"""Parts of the index: each kind of document and each circle of readers has its own."""

from collections.abc import Collection

PUBLIC = "oeffentlich"
KINDS = {"frage": "f", "kurs": "l", "lektion": "l", "pfad": "l", "begriff": "b", "kommune": "k"}
FILTERS = {
    "kurse": ("kurs", "lektion", "pfad"),
    "fragen": ("frage",),
    "vokabelheft": ("begriff",),
    "kommunen": ("kommune",),
}
WIDE = {PUBLIC: "o", "netzwerk": "n"}  # circles without a number
ALL = "*"  # every other circle together, for those who read all


def parts_of(kind: str, circle: str) -> tuple[str, ...]:
    """Where the postings of a document stand; numbered circles also stand with all others of their kind."""
    letter = KINDS[kind]
    if circle in WIDE:
        return (letter + WIDE[circle],)
    return (letter + circle, letter + ALL)


def parts_for(circles: Collection[str] | None, kinds: Collection[str] = ()) -> tuple[str, ...]:
    """Where somebody may look; None reads everything. Only questions have circles besides the public one."""
    found = [KINDS[kind] + WIDE[PUBLIC] for kind in KINDS if not kinds or kind in kinds]
    if circles is not None and PUBLIC not in circles:
        found = []
    if not kinds or "frage" in kinds:
        letter = KINDS["frage"]
        if circles is None:
            found += [letter + WIDE["netzwerk"], letter + ALL]
        else:
            found += [letter + WIDE.get(circle, circle) for circle in circles if circle and circle != PUBLIC]
    return tuple(dict.fromkeys(found))
