"""Places in a text: what belongs together stays so, and long texts cost as much as they are long."""

import time

import pytest

from learn.workshop import placing
from learn.workshop.placing import Sort

TEXT = """## Der Weg

Ein Absatz.

Tabelle: Werte

| a | b |
|---|---|

## Kurz geprüft

<!-- quiz id=a -->
### Wann?

<!-- /quiz -->

<!-- quiz id=offen -->

Ende.
"""


def test_what_belongs_together_is_not_parted() -> None:
    assert [(place.value, place.words) for place in placing.places(TEXT, "block")] == [
        ("nach-0", ""),
        ("nach-1", "Der Weg"),
        ("nach-3", "Ein Absatz."),
        ("nach-8", "a b"),
        ("nach-15", "Wann?"),
        ("nach-17", ""),
    ]


def test_questions_go_into_their_quiz() -> None:
    assert [(place.value, place.words) for place in placing.places(TEXT, "frage")][:1] == [
        ("quiz-15", "Kurz geprüft")
    ]


@pytest.mark.parametrize(
    "unit", ["## a\n", "<!-- quiz id=a -->\n", "<!-- quiz -->\n<!-- /quiz -->\n", "a\n\n"]
)
@pytest.mark.parametrize("sort", ["block", "frage"])
def test_long_texts_cost_as_much_as_they_are_long(unit: str, sort: Sort) -> None:
    begun = time.process_time()
    placing.places(unit * (200_000 // len(unit)), sort)
    assert time.process_time() - begun < 4
