"""Authors' HTML: what stays, what appears as text, what goes."""

import pytest

from learn.markup.model import Html
from tests.markup.support import faults, flat, lesson, one_line


def part(source: str) -> str:
    found: str = lesson(source).parts[0].html  # type: ignore[union-attr]  # an Html part
    return one_line(found)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<div>\n\n*a*\n\n</div>", "<div><p><em>a</em></p></div>"),
        ("<p>*a*</p>", "<p>*a*</p>"),
        ("<b>a</i></b>", "<p><b>a</b></p>"),
        ("<b>a *b</b> c*", "<p><b>a <em>b c</em></b></p>"),
        ("**<u>a**", "<p><strong><u>a</u></strong></p>"),
        ("<ol start=3><li>a<li>b</ol>", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("<table><tr><td colspan=2>a<td>b</table>", '<td colspan="2">a</td><td>b</td>'),
        ("<dl><dt>a<dd>b</dl>", "<dl><dt>a</dt><dd>b</dd></dl>"),
        ("a<br>b<hr>", "<p>a<br>b</p><hr>"),
        ("<h3>A</h3>", '<h3 id="s-a">A</h3>'),
        ("<abbr title='Long'>L</abbr>", '<p><abbr title="Long">L</abbr></p>'),
        ("<!DOCTYPE x>\n<?php echo ?>\n<![CDATA[x]]>", ""),
    ],
)
def test_allowed(source: str, expected: str) -> None:
    found = lesson(source)
    assert all(fault.code == "K504" for fault in found.faults)
    assert expected in (part(source) if found.parts else "")


@pytest.mark.parametrize(
    ("source", "expected", "element"),
    [
        ("<iframe src=x>a</iframe>", "&lt;iframe src=x&gt;a&lt;/iframe&gt;", "iframe"),
        ("a <blink>b</blink>", "<p>a &lt;blink&gt;b&lt;/blink&gt;</p>", "blink"),
        ("a <script>alert(1)</script> b", "<p>a  b</p>", "script"),
        ("<style>\np {}\n</style>\n\nb", "<p>b</p>", "style"),
        ("<template>\n\n*a*\n\n</template>\n\nb", "<p>b</p>", "template"),
        ("<b onclick=x>a</b>", "<p><b>a</b></p>", "b onclick"),
        ("<b class=x>a</b>", "<p><b>a</b></p>", "b class"),
        ("<b id=s-x>a</b>", "<p><b>a</b></p>", "b id"),
        (
            "<details style=x>\n<summary>a</summary>\n</details>",
            '<details class="sc-details">',
            "details style",
        ),
        ("<td width=x>", "", "td width"),
    ],
)
def test_the_rest_is_reported(source: str, expected: str, element: str) -> None:
    found = lesson(f"\n{source}")
    assert [(fault.code, fault.line) for fault in found.faults] == [("K201", 2)]
    assert found.faults[0].values["element"] == element
    assert expected in (part(source) if found.parts else "")


def test_lines_within_a_block_of_html() -> None:
    assert faults("<div>\n<b>a</b>\n<form>\n</div>", first_line=10) == [("K201", 12)]


def test_a_script_without_end_hides_nothing() -> None:
    assert "mehr" in lesson("a <script> mehr\n\nText").text
    assert "Text" in lesson("a <script> mehr\n\nText").text


def test_addresses_in_html_are_resolved_like_others() -> None:
    assert flat('<a href="02-zwei.md">x</a>') == '<p><a href="/kurse/k/zwei">x</a></p>'
    assert faults('<a href="java&#9;script:x">x</a>') == [("K503", 1)]


def test_deep_html_ends_as_text() -> None:
    found = lesson("<div>" * 40)
    assert {fault.code for fault in found.faults} == {"K201"}
    assert "&lt;div&gt;" in part("<div>" * 40)


def test_no_empty_paragraph_stays_where_all_content_went() -> None:
    found = lesson("a\n\n<template>b</template>\n\nc").parts[0]
    assert isinstance(found, Html)
    assert found.html == "<p>a</p>\n<p>c</p>"


def test_highlighted_words_are_no_marks_of_ours() -> None:
    assert flat("a <mark>b *c*</mark>\n\n<mark>d</mark>") == (
        "<p>a <mark>b <em>c</em></mark></p><p><mark>d</mark></p>"
    )
