"""What the texts of a course are called in the Werkstatt: the id in their front matter, wherever they lie."""

from learn.courses.heads import FileKind

PLAIN = "/einfach"  # after a lesson's id: its text in Einfache Sprache
KINDS: dict[str, FileKind] = {
    "kur_": "kurs",
    "mod_": "modul",
    "les_": "lektion",
    "glo_": "glossar",
    "fra_": "fragen",
}


def kind_of(key: str) -> FileKind:
    """What kind of file a key names. Raises KeyError for what is no key."""
    return "einfach" if key.endswith(PLAIN) else KINDS[key[:4]]


def standard(key: str) -> str:
    """The lesson's own key for either variant."""
    return key.removesuffix(PLAIN)


def href(key: str) -> str:
    """The address of the text's editor."""
    lesson = standard(key)
    if kind_of(lesson) != "lektion":
        return f"/werkstatt/texte/{key}"
    return f"/werkstatt/lektionen/{lesson}" + ("?fassung=einfach" if lesson != key else "")


def beside(key: str, page: str) -> str:
    """The address of a further page of a text, such as `verlauf` or `zusammenfuehren`."""
    address, mark, query = href(key).partition("?")
    return f"{address}/{page}{mark}{query}"
