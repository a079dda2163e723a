"""The editor's fields and the file: what is not touched stays, what is typed comes back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from learn.workshop import forms
from tests.courses.folders import FIRST, SECOND, TEXTS

COURSE, ONE, TWO, PLAIN = "kur_aaaaaaaa", "les_aaaaaaaa", "les_bbbbbbbb", "les_aaaaaaaa/einfach"


@pytest.mark.parametrize(("key", "path"), [(ONE, FIRST), (TWO, SECOND), (COURSE, "kurs.md")])
def test_an_untouched_form_writes_the_file_as_it_was(key: str, path: str) -> None:
    text = TEXTS[path]
    writing = forms.read(MultiDict(), forms.of_text(key, text))
    assert forms.composed(key, text, writing) == text
    assert text.split("\n")[forms.first_line(text) - 1] == writing.body.split("\n")[0]


ODD = f"""---
ziele:
- 'eins:  sagen'
- zwei sagen   # ein Rest
# darüber
dauer:    5
titel: "Eins  und  zwei "  # Titel
aenderung: |
  Ein Satz.
  Noch einer.
autoren: [A  B, "C\\nD"]
quelle: >-
  Ein
  Amt
lizenz: MIT
pflicht: Ja
id: {ONE}
# unten
---
Ein  Satz\t \u2028weiter 😀\x20

ohne Ende"""


def as_sent(writing: forms.Writing) -> MultiDict[str, str]:
    """What a browser sends of a form nobody has touched."""
    texts = {"title": writing.title, "duration": writing.duration, "body": writing.body, **writing.extras}
    return MultiDict({name: text.replace("\n", "\r\n") for name, text in texts.items()})


def test_what_nobody_touched_stays_letter_for_letter() -> None:
    """Blanks, remarks, texts over several lines, values no field offers, a last line that does not end."""
    stored = forms.of_text(ONE, ODD)
    assert "\n" not in stored.title + stored.extras["aenderung"] + stored.extras["quelle"]
    sent = as_sent(stored)
    assert forms.composed(ONE, ODD, forms.read(sent, stored)) == ODD
    sent["geprueft"] = "2026-10"
    other = forms.composed(ONE, ODD, forms.read(sent, stored))
    assert other.replace("geprueft: 2026-10\n", "") == ODD
    sent["ziele"] = "drei sagen\r\n" + sent["ziele"]
    more = forms.composed(ONE, ODD, forms.read(sent, stored))
    assert more == other.replace("ziele:\n", "ziele:\n- drei sagen\n")
    sent["ziele"] = stored.extras["ziele"]
    sent["body"] = sent["body"].replace("Satz", "Wort")
    assert forms.composed(ONE, ODD, forms.read(sent, stored)) == other.replace("Ein  Satz", "Ein  Wort")


def test_only_the_lines_of_what_was_changed_differ() -> None:
    sent = MultiDict(
        {"title": "Eins: der Anfang", "ziele": "eins sagen\r\n\r\nzwei sagen", "pflicht": "nein"}
    )
    writing = forms.read(sent, forms.of_text(ONE, TEXTS[FIRST]))
    lines = forms.composed(ONE, TEXTS[FIRST], writing).split("\n")
    assert set(lines) - set(TEXTS[FIRST].split("\n")) == {
        'titel: "Eins: der Anfang"',
        "  - zwei sagen",
        "pflicht: nein",
    }
    again = forms.of_text(ONE, "\n".join(lines))
    assert (again.title, again.extras["ziele"]) == ("Eins: der Anfang", "eins sagen\nzwei sagen")


@settings(max_examples=40, deadline=None)
@given(title=st.text(max_size=40), body=st.text(max_size=200), goals=st.text(max_size=80))
def test_fields_come_back_as_they_were_typed(title: str, body: str, goals: str) -> None:
    """Whatever is typed while it is being kept; the id never goes."""
    sent = MultiDict({"title": title, "body": body, "ziele": goals})
    writing = forms.read(sent, forms.of_text(ONE, TEXTS[FIRST]))
    text = forms.kept(ONE, TEXTS[FIRST], writing)
    again = forms.of_text(ONE, text)
    assert f"id: {ONE}\n" in text
    assert again.title == writing.title
    assert again.body == forms.ended(writing.body)


def test_faults_name_the_field() -> None:
    before = TEXTS[FIRST]
    sent = {"title": "", "duration": "lang", "geprueft": "gestern", "ziele": "a\nb\nc\nd\ne"}
    after = forms.composed(ONE, before, forms.read(MultiDict(sent), forms.of_text(ONE, before)))
    assert set(forms.faults(ONE, before, after)) == {"title", "duration", "geprueft", "ziele"}
    long = forms.composed(
        ONE, before, forms.read(MultiDict({"body": "ä" * 140_000}), forms.of_text(ONE, before))
    )
    assert "256 KB" in forms.faults(ONE, before, long)["body"]


def test_an_unreadable_head_is_edited_as_text() -> None:
    broken = "---\nid: [\n---\n\nText\n"
    writing = forms.of_text(ONE, broken)
    assert (writing.whole, writing.body) == (True, broken)
    mended = forms.read(MultiDict({"body": TEXTS[FIRST]}), writing)
    assert forms.composed(ONE, broken, mended) == TEXTS[FIRST]
