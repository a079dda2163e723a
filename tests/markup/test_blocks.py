"""Block structure: what GFM demands of paragraphs, quotes, code, rules and their nesting."""

import pytest

from learn.markup import render
from learn.markup.model import Html
from tests.markup.support import html, one_line


def gfm(text: str) -> str:
    part = render(text, "gfm").parts[0]
    assert isinstance(part, Html)
    return one_line(part.html)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a\nb", "<p>a\nb</p>"),
        ("a\n===\nb\n---", "<h1>a</h1><h2>b</h2>"),
        ("# a #\n####### b", "<h1>a</h1><p>####### b</p>"),
        ("> a\n\n> b", "<blockquote><p>a</p></blockquote><blockquote><p>b</p></blockquote>"),
        ("> a\nb", "<blockquote><p>a\nb</p></blockquote>"),
        ("> a\n---", "<blockquote><p>a</p></blockquote><hr>"),
        (">- a\n>- b", "<blockquote><ul><li>a</li><li>b</li></ul></blockquote>"),
        ("    a\n\tb", "<pre><code>a\nb\n</code></pre>"),
        ("```x\na\n\nb", '<pre><code class="language-x">a\n\nb\n</code></pre>'),
        ("~~~\n```\n~~~", "<pre><code>```\n</code></pre>"),
        ("- a\n  ```\n  b\n  ```", "<ul><li>a<pre><code>b\n</code></pre></li></ul>"),
        ("-\tTab\n\n\tmehr", "<ul><li><p>Tab</p><p>mehr</p></li></ul>"),
        ("a\n***\nb", "<p>a</p><hr><p>b</p>"),
        ("a\r\nb\rc", "<p>a\nb\nc</p>"),
    ],
)
def test_structure(source: str, expected: str) -> None:
    assert gfm(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[a]\n\n[a]: /b 'c'", '<p><a href="/b" title="c">a</a></p>'),
        ("[a][]\n\n[A]: <b c>", '<p><a href="b c">a</a></p>'),
        ("[a]: /b\ntext", "<p>text</p>"),
        ("[a]:\n/b\n\n[x][a]", '<p><a href="/b">x</a></p>'),
        ("[a]: /b 'c' d", "<p>[a]: /b 'c' d</p>"),
    ],
)
def test_reference_definitions(source: str, expected: str) -> None:
    assert gfm(source) == expected


def test_html_blocks_pass_in_the_profile_for_comparison() -> None:
    assert gfm("<div>\n*a*\n\n*b*\n</div>") == "<div>*a*<p><em>b</em></p></div>"


def test_a_byte_order_mark_is_no_text() -> None:
    assert html("\ufeff## a") == '<h2 id="s-a">a</h2>'
