"""Callouts of other generators."""

import pytest

from tests.courses.foreign.converted import body


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (
            '!!! tip "T"\n    a\n\n    - b\n        - c\nd',
            "> [!TIP]\n> **tip: T**\n>\n> a\n>\n> - b\n>     - c\n\nd",
        ),
        ("??? note\n    a", "<details>\n<summary>note</summary>\n\na\n\n</details>"),
        ('=== "A"\n\n    a\n\n=== "B"\n\n    b', "**A**\n\na\n\n**B**\n\nb"),
        ("!!! note\n    !!! tip\n        a", "> [!NOTE]\n> **note**\n>\n> > [!TIP]\n> > **tip**\n> >\n> > a"),
        ("```{warning} W\n:class: x\na `b`\n```", "> [!WARNING]\n> **Warning: W**\n>\n> a `b`"),
        ("```{unbekannt}\na\n```", "```{unbekannt}\na\n```"),
        ("!!! anders\n    a", "!!! anders\n    a"),
    ],
)
def test_admonitions(source: str, wanted: str) -> None:
    assert body(source) == wanted
