"""Attributes behind pictures."""

import pytest

from tests.courses.foreign.converted import body


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("![](a.png){alt='Ein Bild' width=50%}", "![Ein Bild](a.png)"),
        ('![Worte](a.png){alt="Ein\nBild"}', '![Ein Bild](a.png "Worte")'),
        ("![Worte](a.png){: width='50%' }", "![Worte](a.png)"),
        ("![a](b.png \"c\"){alt='d [e]'}", '![d \\[e\\]](b.png "c")'),
        ("![*Worte*](a.png){alt='b'}", "![b](a.png)\n\n*Worte*"),
        ("Text ![Worte](a.png){alt='b'}", "Text Worte ![b](a.png)"),
        ("![](a.png){alt=''}", '![](a.png "schmuck")'),
        ("`![](a.png){alt='b'}`", "`![](a.png){alt='b'}`"),
    ],
)
def test_alt_text_and_caption(source: str, wanted: str) -> None:
    assert body(source) == wanted
