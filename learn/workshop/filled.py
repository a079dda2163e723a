"""A form's fields as they were sent, with what is missing or too long noted by field.

Repeated fields come as lists. A fault names the id of its field: `question`, or `answer-2` for the second.
"""

from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from learn.core.i18n import gettext as _
from learn.courses.heads import FileKind
from learn.workshop import snippets
from learn.workshop.escaping import one_line

Sent = MultiDict[str, str]
Faults = dict[str, str]  # sentence by id of the field
LINE, TEXT = 500, 20_000  # characters


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where it goes: the text's kind and body, the mark around the place, the level of headings there."""

    kind: FileKind
    body: str = ""
    mark: str = ""
    level: int = 1


@dataclass(slots=True)
class Reader:
    """Reads fields, noting what is missing or too long."""

    sent: Sent
    around: Surroundings
    faults: Faults = field(default_factory=dict)

    def word(self, name: str, missing: str = "", *, longest: int = LINE) -> str:
        """One line; `missing`: what to say when it is empty."""
        return self.checked(name, one_line(self.sent.get(name, "")), missing, longest)

    def text(self, name: str, missing: str = "") -> str:
        return self.checked(name, self.sent.get(name, "").strip(), missing, TEXT)

    def words(self, name: str, longest: int = LINE) -> list[str]:
        """All fields of a name, empty ones too."""
        typed = [one_line(value) for value in self.sent.getlist(name)]
        return [self.checked(f"{name}-{place}", value, "", longest) for place, value in enumerate(typed, 1)]

    def texts(self, name: str) -> list[str]:
        typed = [value.strip() for value in self.sent.getlist(name)]
        return [self.checked(f"{name}-{place}", value, "", TEXT) for place, value in enumerate(typed, 1)]

    def checked(self, place: str, typed: str, missing: str, longest: int) -> str:
        if missing and not typed:
            self.fault(place, missing)
        if len(typed) > longest:
            self.fault(place, _("Kürzen Sie auf %(number)s Zeichen.", number=longest))
        return typed

    def fault(self, place: str, sentence: str) -> None:
        self.faults.setdefault(place, sentence)

    def fresh(self, wish: str, usual: str) -> str:
        return snippets.fresh(self.around.body, wish, usual)
