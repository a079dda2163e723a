"""Values of front matter are written so that they read back, and nothing else changes."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from learn.courses import frontmatter, heads
from learn.workshop import fields, identities
from learn.workshop.scalars import Value

LESSON = """---
# von Hand geschrieben
id: les_7k3f9q2m   # nie ändern
titel: 'Der "Weg"'

# Minuten, geschätzt
dauer: 8 # ungefähr
ziele:
  - eins sagen
  - zwei sagen
  # und mehr nicht
pflicht: ja
voraussetzung: [vorige, les_aaaaaaaa]   # beide
eigenes: {a: b}
---

# Der Weg

---
titel: kein Kopf
"""
WORDS = st.text(max_size=60) | st.text(
    alphabet=" :#-'\"\\[]{},&*!|>%@`?ä🙂\u200d\u2028\x85\t\n~", max_size=20
)


def _sound(text: str) -> str:
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


@settings(max_examples=150, deadline=None)
@given(WORDS, st.lists(WORDS, max_size=4))
@example("- a: 'b' # c ", ["", "- ---", "]", "a, b"])
@example("\ud800|", ["<<", "..."])
def test_whatever_a_value_holds_reads_back_and_no_other_line_changes(title: str, goals: list[str]) -> None:
    written = fields.with_values(LESSON, {"titel": title, "ziele": goals, "thema": goals})

    assert fields.value(written, "titel") == _sound(title)
    assert fields.items(written, "ziele") == tuple(_sound(goal) for goal in goals)
    assert fields.items(written, "thema") == fields.items(written, "ziele")
    assert fields.parts(written)[1] == fields.parts(LESSON)[1]
    kept = [row for row in LESSON.split("\n") if not re.match("titel: '|ziele|  - ", row)]
    rest = iter(written.split("\n"))
    assert all(row in rest for row in kept)
    assert len(written.split("\n")) <= len(kept) + 2 + 1 + len(goals)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.from_regex(r"\A[a-z0-9]{1,5}\Z"), WORDS, max_size=3), WORDS)
def test_mappings_and_texts_read_back_in_an_empty_head(values: dict[str, str], words: str) -> None:
    sound = {name: _sound(text) for name, text in values.items()}
    written = fields.with_values(fields.EMPTY, {"werte": values, "aenderung": words})

    assert fields.value(written, "werte") == sound
    assert fields.with_values(written, {"werte": sound}) == written


def test_equal_values_change_nothing() -> None:
    same: dict[str, Value | None] = {
        "titel": 'Der "Weg"',
        "dauer": "8min",
        "ziele": ["eins sagen", "zwei sagen"],
        "pflicht": True,
    }
    assert fields.with_values(LESSON, same) == LESSON


def test_remarks_and_the_form_of_lists_stay() -> None:
    written = fields.with_values(
        LESSON, {"dauer": 9, "voraussetzung": ["les_bbbbbbbb"], "aenderung": "Neu: Zahlen", "pflicht": None}
    )
    assert "dauer: 9 # ungefähr\n" in written
    assert "voraussetzung: [les_bbbbbbbb]   # beide\n" in written
    assert 'titel: \'Der "Weg"\'\naenderung: "Neu: Zahlen"\n' in written
    assert "pflicht" not in written
    head = heads.read(frontmatter.split(written), "lektion")
    assert head.text("aenderung") == "Neu: Zahlen"
    assert head.number("dauer") == 9


def test_a_head_in_braces_is_written_line_by_line() -> None:
    written = fields.with_values("---\n{titel: A, id: les_7k3f9q2m}\n---\nText", {"titel": "B: C"})
    assert written == '---\nid: les_7k3f9q2m\ntitel: "B: C"\n---\nText'


def test_a_broken_or_overlong_head_is_refused() -> None:
    for text in ("Ohne Kopf", '---\ntitel: "offen\n---\n'):
        with pytest.raises(fields.Unreadable):
            fields.with_values(text, {"titel": "A"})
    with pytest.raises(fields.Unreadable):
        fields.with_values(fields.EMPTY, {"titel": "x" * 9000})


def test_bodies_are_replaced_below_the_head() -> None:
    head, body, line = fields.parts(LESSON)
    assert head.startswith("# von Hand")
    assert body.startswith("\n# Der Weg")
    assert LESSON.split("\n")[line - 1 :] == body.split("\n")
    assert fields.with_body(LESSON, body) == LESSON
    assert fields.parts(fields.with_body(LESSON, "\nNeu\r\n"))[:2] == (head, "\nNeu\n")
    assert fields.parts("nur Text") == ("", "nur Text", 1)
    assert fields.with_body("nur Text", "anderer") == "anderer"


def test_ids_are_drawn_for_each_kind() -> None:
    assert re.fullmatch(r"les_[a-z0-9]{8}", identities.new("lektion"))
    assert identities.new("kurs") != identities.new("kurs")
    with pytest.raises(KeyError):
        identities.new("einfach")
