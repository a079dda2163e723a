"""The last gate: only what the list names, balanced, the same the second time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learn.markup.sanitise import address_ok, media_ok, sanitise

WORDS = (
    "< > </ <a <b> </b> <p> </p> <table> <td> <tr> <svg> <math> <mi> <style> </style> <script> "
    "<noscript> <img <details> <summary> <li> <ul> <input <form> <textarea> <select> <option> "
    "<title> "
    "<!-- --> <![CDATA[ ]]> <?x "
    "href= src= id= class= onclick= ' \" = / &amp; &lt; &#60; &#x3c &nbsp; javascript: /medien/ s-a x a"
)
BITS = [*WORDS.split(" "), " ", "\n", "\x00", "\xa0", "\u2028"]
PIECES = st.lists(st.sampled_from(BITS), max_size=25).map("".join)


def test_lone_surrogates_do_no_harm() -> None:
    assert sanitise("<b>\ud800") == "<b>\N{REPLACEMENT CHARACTER}</b>"


@given(PIECES)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = sanitise(text)
    assert sanitise(once) == once


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<b>a", "<b>a</b>"),
        ("<script>a</script>b", "ab"),
        ("<h1>a</h1><h2 id=s-a>b</h2><h2 id=b>c</h2>", 'a<h2 id="s-a">b</h2><h2>c</h2>'),
        ("<p style=x onclick=y hx-get=z data-x=1>a</p>", "<p>a</p>"),
        ('<span data-var="a">b</span>', '<span data-var="a">b</span>'),
        (
            '<a href="https://a.example" rel="noopener" target=x>b</a>',
            '<a href="https://a.example" rel="noopener">b</a>',
        ),
        ('<a href="x" rel="opener">b</a>', '<a href="x">b</a>'),
        (
            '<img src="/medien/ab.png"><img src="/medien/../x.png"><img src=//a>',
            '<img src="/medien/ab.png"><img><img>',
        ),
        (
            "<input type=checkbox disabled><input type=text value=x>",
            '<input type="checkbox" disabled=""><input>',
        ),
        (
            '<p class="sc-callout__h x">a</p><p class="sc-callout__h">b</p>',
            '<p>a</p><p class="sc-callout__h">b</p>',
        ),
        (
            '<code class="language-c++">a</code><code class="sc-btn">b</code>',
            '<code class="language-c++">a</code><code>b</code>',
        ),
        (
            '<span class="kn">a</span><span class="kern-btn">b</span>',
            '<span class="kn">a</span><span>b</span>',
        ),
        ("a<!-- b -->c", "ac"),
        ("a &amp; b", "a &amp; b"),
        ("1 > 0", "1 &gt; 0"),
    ],
)
def test_the_list(source: str, expected: str) -> None:
    assert sanitise(source) == expected


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example",
        "HTTP://a",
        "mailto:a@b",
        "tel:1",
        "/a:b",
        "a/b:c",
        "#a:b",
        "?a:b",
        "a",
        "",
        "a%3Ab",
    ],
)
def test_addresses_that_may_be(address: str) -> None:
    assert address_ok(address)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JAVA\tSCRIPT:x",
        "java&#9;script:x",
        "javascript&colon;x",
        "javascript:123",
        "vbscript:1",
        "data:text/html,x",
        "\x01javascript:x",
        "java\u200bscript:x",
        "//a.example",
        "\\\\a.example",
        "/\\a.example",
        "file:///etc",
        "1a:b",
    ],
)
def test_addresses_that_may_not(address: str) -> None:
    assert not address_ok(address)
    assert "href" not in sanitise(f'<a href="{address}">x</a>')


def test_pictures_come_from_our_own_store_only() -> None:
    assert media_ok("/medien/ab01.svg")
    for address in (
        "/medien/a/../b.svg",
        "https://a/medien/a.svg",
        "/medien/a.svg?x",
        "/medien/forum/",
        "medien/a.svg",
    ):
        assert not media_ok(address)
