"""German dates and durations."""

from datetime import date

from flask import Flask

from learn.core import i18n


def test_days() -> None:
    assert i18n.day(date(2026, 6, 9)) == "9.\u00a0Juni 2026"
    assert i18n.day(date(2026, 3, 1)) == "1.\u00a0März 2026"


def test_months() -> None:
    assert i18n.month("2026-09") == "September 2026"
    assert i18n.month("2026-09-15") == "September 2026"
    assert i18n.month("") == ""
    assert i18n.month("2026-13") == "2026-13"
    assert i18n.month("bald") == "bald"


def test_minutes() -> None:
    assert i18n.minutes(1) == "1\u00a0Minute"
    assert i18n.minutes(45) == "45\u00a0Minuten"


def test_values_in_texts_are_escaped() -> None:
    assert i18n.text("Im Kurs %(title)s", title="<b>") == "Im Kurs &lt;b&gt;"
    assert i18n.text("80 %% fertig") == "80 % fertig"
    assert i18n.text("Ein <b> im Text") == "Ein <b> im Text"
    assert i18n.counted("%(num)s Antwort", "%(num)s Antworten", 1) == "1 Antwort"
    assert i18n.counted("%(num)s Antwort in %(ort)s", "%(num)s Antworten in %(ort)s", 3, ort="A & B") == (
        "3 Antworten in A &amp; B"
    )


def test_templates_use_them(small: Flask) -> None:
    with small.test_request_context("/"):
        template = small.jinja_env.from_string(
            "{{ _('%(n)s Kurse', n='<3') }}|{% trans name='<x>' %}Hallo {{ name }}{% endtrans %}"
        )
        assert template.render() == "&lt;3 Kurse|Hallo &lt;x&gt;"
