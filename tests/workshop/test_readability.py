"""Words, sentences and a grade of German texts."""

import pytest

from learn.workshop import readability
from learn.workshop.readability import read, sentences, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *(("Takt", 1), ("Sensor", 2), ("Batterie", 3), ("Batterielaufzeit", 5), ("Häuser", 2), ("Öl", 1)),
        *(("Verwaltungsgemeinschaft", 6), ("eu", 1), ("See", 1), ("die", 1), ("Kommune", 3)),
    ],
)
def test_syllables_are_counted_by_vowels(word: str, count: int) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Ein Satz. Noch einer! Und? Ja.", 4),
        ("Am 3. Mai 2026 kam z. B. Dr. Muster.", 1),
        ("Das kostet ca. 20 Euro. Mehr nicht.", 2),
        ("Sie sagte: „Ja.“ Dann ging sie.", 2),
        ("Die Nr. 5 lebt", 1),
        ("1.500 Sensoren senden. 20 schweigen.", 2),
        ("", 0),
    ],
)
def test_sentences_end_where_readers_breathe(text: str, count: int) -> None:
    assert len(list(sentences(text))) == count


def test_blocks_part_sentences_and_lists_of_words_are_none() -> None:
    found = read(
        ["<h2>Überschrift</h2><p>Ein kurzer Satz.</p><ul><li>Sensor</li><li>Zweiter Satz hier.</li></ul>"]
    )
    assert (found.words, found.sentences, found.mean) == (8, 2, 3.0)


def test_code_and_footnote_marks_are_not_read() -> None:
    found = read(
        ['<p>Ein Satz<sup id="fnref-1"><a href="#fn-1">1</a></sup>.</p><pre><code>x = 1</code></pre>']
    )
    assert found.words == 2


def test_the_grade_tells_easy_from_hard() -> None:
    easy = "Der Hund ist groß. Er lebt im Haus. Das Haus ist rot. Wir gehen oft hin. " * 3
    hard = (
        "Die Verwaltungsvorschrift konkretisiert unbestimmte Rechtsbegriffe hinsichtlich der interkommunalen "
        "Zusammenarbeit und berücksichtigt datenschutzrechtliche Anforderungen bei der Veröffentlichung. "
    ) * 2
    low, high = read([f"<p>{easy}</p>"]).grade, read([f"<p>{hard}</p>"]).grade
    assert low is not None
    assert high is not None
    assert low < 4
    assert high > 14
    assert read(["<p>Zu kurz für eine Zahl.</p>"]).grade is None


def test_reading_takes_time() -> None:
    assert read([]).minutes == 0
    assert read(["<p>Wort.</p>"]).minutes == 1
    assert read([f"<p>{'Wort ' * readability.PER_MINUTE * 3}</p>"]).minutes == 3
