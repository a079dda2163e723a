"""Front matter of other systems is read as far as it can be, and else stays text."""

import pytest

from learn.courses.foreign import decoding


@pytest.mark.parametrize(
    ("text", "front", "body", "line"),
    [
        ("---\ntitle: A\nweight: 3\n---\nText\n", {"title": "A", "weight": "3"}, "Text\n", 5),
        (
            "---\ntags: [a, b]\nmenu:\n  main: {x: 1}\n---\n",
            {"tags": ["a", "b"], "menu": {"main": {"x": "1"}}},
            "",
            6,
        ),
        (
            "+++\ntitle = 'A'\nweight = 3\ndraft = true\n+++\n",
            {"title": "A", "weight": "3", "draft": "true"},
            "",
            6,
        ),
        ("---\ntitle: A: B\nx: *y\n- z\n---\nText", {"title": "A: B", "x": ["*y", "z"]}, "Text", 6),
        ("---\ntitle: 'A'\ntitle: B\n---\n", {"title": "A"}, "", 5),
        ("---\n---\nText", {}, "Text", 3),
        ("---\n\nText ohne Kopf\n\n---\n", {}, "---\n\nText ohne Kopf\n\n---\n", 1),
        ("---\ntitle: offen\n", {}, "---\ntitle: offen\n", 1),
        ("+++\nkein toml\n+++\n", {}, "+++\nkein toml\n+++\n", 1),
        ("Text", {}, "Text", 1),
        ("---\n" + "[" * 5000 + "\n---\nx", {}, "---\n" + "[" * 5000 + "\n---\nx", 1),
    ],
)
def test_front_matter(text: str, front: dict[str, object], body: str, line: int) -> None:
    found = decoding.part(text)
    assert (dict(found.front), found.body, found.line) == (front, body, line)


def test_settings_that_the_parser_refuses_are_read_line_by_line() -> None:
    text = "title: 'A'\nepisodes:\n- a.md\n- b.md\nbad: @x\n"
    assert decoding.settings(text) == {"title": "A", "episodes": ["a.md", "b.md"], "bad": "@x"}
