"""Practice callouts."""

import pytest

from tests.markup.support import flat

HEAD = (
    '<aside class="sc-callout sc-callout--town" role="note">'
    '<p class="sc-callout__h">Aus der Praxis: Stadt X</p>'
)


@pytest.mark.parametrize("gap", ["\n>\n> ", "\n> ", "  \n> ", "\\\n> "])
def test_the_first_line_is_the_label(gap: str) -> None:
    assert flat(f"> **Aus der Praxis: Stadt X**{gap}Wir messen.") == f"{HEAD}<p>Wir messen.</p></aside>"


@pytest.mark.parametrize(
    "source",
    [
        "> **Aus der Praxis: X** und mehr",
        "> Aus der Praxis: X",
        "> **Anderes: X**",
        "> a **Aus der Praxis: X**",
    ],
)
def test_other_quotes_stay_quotes(source: str) -> None:
    assert flat(source).startswith("<blockquote>")
