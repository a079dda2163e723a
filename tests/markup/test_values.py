"""Local values."""

import pytest

from tests.markup.support import faults, flat


def test_a_value_keeps_its_words() -> None:
    found = flat("[Ihre *Verwaltung*](var:einrichtung)")
    assert found == '<p><span class="sc-var" data-var="einrichtung">Ihre <em>Verwaltung</em></span></p>'


@pytest.mark.parametrize(("target", "code"), [("var:fremd", "K207"), ("var:", "K503"), ("var:a/b", "K503")])
def test_faults(target: str, code: str) -> None:
    assert faults(f"\n[x]({target})") == [(code, 2)]
