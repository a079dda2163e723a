"""The script that renders hostile texts: how it makes them and what it compares."""

import pytest

from learn.markup import guard
from tests.corpora import CONSTRUCTS, Findings, guarded, normal, numbered, text

PLAIN = {"prefix": "<", "unit": "a", "middle": "-", "unit2": "bb", "suffix": ">"}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("repeat", "<aaa-bbbbbb>"),
        ("indent", "* a\n  * a\n-bb"),
        ("backticks", "e`e``e```-bb"),
        ("fixed", "wie es ist"),
    ],
)
def test_a_record_describes_a_text(kind: str, expected: str) -> None:
    assert text(PLAIN | {"kind": kind, "text": "wie es ist"}, 12) == expected


def test_numbers_grow() -> None:
    assert numbered("[%d] ", 12) == "[0] [1] [2] "


def test_html_is_compared_without_what_the_standard_leaves_open() -> None:
    assert normal('<ul>\n<li><a href="b%20c" class="d">e</a></li></ul>') == normal(
        '<ul><li>\n<a class="d" href="b c">e</a></li>\n</ul>'
    )
    assert normal("<pre>a\n b</pre>") != normal("<pre>a b</pre>")


def test_what_takes_too_long_or_too_much_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    findings = Findings()
    seconds, memory = guarded(numbered(CONSTRUCTS["Marken"], 4_000), "kurs", "a", 2, findings)
    assert (seconds < 2, 20 < memory < 512, findings.faults) == (True, True, [])
    guarded(numbered(CONSTRUCTS["Marken"], 4_000), "kurs", "a", 0, findings)
    guard.close()
    assert findings.faults[0].startswith("a: 0.")
    assert "a: 0." in capsys.readouterr().out
