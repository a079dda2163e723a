"""What publishing tells about people: numbers from five on, else nothing about single ones."""

import pytest

from learn.courses.report import CourseReport, Learners, Report


def told(*people: int) -> tuple[str, dict[str, int | None]]:
    course = CourseReport("kur_1", "sensoren", base=1, release=2, learners=Learners(*people))
    report = Report((course,), ())
    return "\n".join(report.lines()), report.as_json()["courses"][0]["learners"]


@pytest.mark.parametrize("people", [(1, 1, 1), (4, 4, 0), (4, 2, 1), (3, 0, 0)])
def test_fewer_than_five_people_are_no_number(people: tuple[int, int, int]) -> None:
    text, figures = told(*people)
    assert set(figures.values()) == {None}
    assert text.count("eniger als 5") == 3
    assert "4 Lernende" not in text


def test_five_are_told_and_few_of_many_are_not() -> None:
    text, figures = told(40, 5, 4)
    assert figures == {"enrolled": 40, "notified": 5, "repeat": None}
    assert "40 Lernende eingeschrieben. 5 sehen einen Hinweis, weniger als 5 wiederholen etwas." in text
