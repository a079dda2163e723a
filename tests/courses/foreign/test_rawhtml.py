"""Authors' HTML."""

import pytest

from tests.courses.foreign.converted import body


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ('<center><font color="red">a</font></center>', "<div><span>a</span></div>"),
        ('<picture><source srcset="a"><img src="b"></picture>', '<img src="b">'),
        ('<iframe src="https://a/?b&c"></iframe>', '<a href="https://a/?b&amp;c">https://a/?b&amp;c</a>'),
        ('<iframe src="javascript:a"></iframe>', ""),
        ("cd <path>", "cd <path>"),
        ("<a h*#ref='hi'>", "<a h*#ref='hi'>"),
        ('<p align="center" style="x">a</p>', "<p>a</p>"),
        ('<img src="a b.png" width="50%" height=20 class=c />', '<img src="a b.png" height=20 />'),
        ('<a name="b" target="_blank">c</a>', '<a name="b">c</a>'),
        ("`<center>` <b>a</b> <eigen>", "`<center>` <b>a</b> <eigen>"),
    ],
)
def test_html(source: str, wanted: str) -> None:
    assert body(source) == wanted
