"""The last gate: only what the list names, balanced, the same the second time."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learn.markup import sanitise as module
from learn.markup.sanitise import address_ok, allowed, bare_text, media_ok, prefixer, sanitise
from tests.markup import oracle

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


@settings(deadline=None)
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


def test_the_lists_are_those_of_the_design() -> None:
    authors = """a abbr aside b blockquote br code del details div dd dl dt em figcaption figure h1 h2 h3
        h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp section small span strong sub summary
        sup table tbody td th thead tr u ul"""
    attributes = "href src alt title width height start open lang dir colspan rowspan"
    assert set(authors.split()) == module.AUTHORS
    assert set(attributes.split()) == module.AUTHORS_ATTRIBUTES
    assert set(authors.split()) - {"h1"} | {"caption", "picture", "source", "input"} == module.TAGS
    assert {"script", "style", "template", "noscript"} == module.WITH_CONTENT
    assert {"http", "https", "mailto", "tel"} == module.SCHEMES


ATTRIBUTES: dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]] = {  # what may be, what may not
    ("p", "id"): (
        ("s-a", "fn-1", "fnref-1-2", "tab-1", "les_1-s-ä", "post-2-s-a"),
        ("a", "s", "s-", "S-a", "xs-a", "s-a b", "les 1-s-a", "tabs-1", ""),
    ),
    ("p", "title"): (("a", "", "a & b"), ("<", "a>b")),
    ("p", "lang"): (("de", "de-DE", "zh-Hans-CN-x"), ("d", "", "de_DE", "abcdefghi", "de-", "a-b-c-d-e-f")),
    ("p", "dir"): (("ltr", "rtl", "auto"), ("", "LTR", "left")),
    ("a", "href"): (("a", "#a", "https://a"), ("javascript:a", "//a")),
    ("a", "rel"): (("noopener",), ("", "opener", "noopener opener")),
    ("a", "aria-label"): (("Fußnote 1",), ("<b>",)),
    ("img", "src"): (("/medien/ab01.svg", "/medien/forum/3.png"), ("a.png", "https://a/b.png", "")),
    ("img", "alt"): (("Ein Bild", ""), ("<b>",)),
    ("img", "width"): (("0", "12345"), ("", "123456", "1px", "-1", "१")),
    ("img", "height"): (("1",), ("1.5",)),
    ("img", "loading"): (("lazy",), ("eager", "")),
    ("source", "srcset"): (("/medien/ab.png",), ("/medien/ab.png 2x", "https://a")),
    ("source", "media"): (("(max-width: 40rem)",), ("print", "")),
    ("source", "width"): (("1",), ("a",)),
    ("source", "height"): (("1",), ("a",)),
    ("input", "type"): (("checkbox",), ("text", "image", "")),
    ("input", "disabled"): (("", "disabled"), ("x",)),
    ("input", "checked"): (("", "checked"), ("x",)),
    ("input", "aria-label"): (("erledigt", "offen"), ("Passwort", "")),
    ("ol", "start"): (("0", "3"), ("-1", "a")),
    ("details", "open"): (("", "open"), ("x",)),
    ("th", "scope"): (("col", "row"), ("", "colgroup")),
    ("th", "colspan"): (("2",), ("a",)),
    ("th", "rowspan"): (("2",), ("a",)),
    ("td", "colspan"): (("2",), ("a",)),
    ("td", "rowspan"): (("2",), ("a",)),
    ("aside", "role"): (("note",), ("alert", "")),
    ("div", "role"): (("region",), ("note", "button")),
    ("div", "tabindex"): (("0",), ("1", "-1")),
    ("div", "aria-label"): (("Tabelle 1",), (">",)),
    ("div", "aria-labelledby"): (("tab-1", "s-a"), ("main", "")),
    ("section", "aria-label"): (("Fußnoten",), ("<",)),
    ("section", "aria-labelledby"): (("s-a",), ("a",)),
    ("pre", "tabindex"): (("0",), ("1",)),
    ("span", "data-var"): (("einrichtung", "a-b_1", "x" * 80), ("", "a b", "x" * 81)),
    ("aside", "class"): (
        (
            "sc-callout",
            *(f"sc-callout--{sort}" for sort in ("note", "tip", "important", "warning", "caution", "town")),
        ),
        ("", " ", "sc-callout--x", "sc-callout__h", "sc-callout x", "kn"),
    ),
    ("p", "class"): (("sc-callout__h",), ("sc-callout", "sc-prose")),
    ("figure", "class"): (("sc-figure", "sc-video"), ("sc-figures", "xsc-figure")),
    ("div", "class"): (("sc-tablewrap", "sc-variants"), ("sc-variant", "sc-prose")),
    ("section", "class"): (("sc-footnotes", "sc-variant"), ("sc-quiz", "sc-plan", "sc-exercise")),
    ("details", "class"): (("sc-details",), ("sc-quiz",)),
    ("a", "class"): (("sc-term",), ("kern-btn", "sc-var")),
    ("span", "class"): (("sc-var", "kn", "s1", "sc-var kn"), ("sc-term", "kern-icon", "kn btn")),
    ("li", "class"): (("sc-tick",), ("sc-ticks",)),
    ("code", "class"): (
        ("sc-math", "language-c++", "language-x" + "y" * 39),
        ("language-", "language-a b", "language-" + "x" * 41, "kn"),
    ),
    ("th", "class"): (("sc-center", "sc-right"), ("sc-left",)),
    ("td", "class"): (("sc-center", "sc-right"), ("sc-left",)),
    ("b", "class"): ((), ("sc-var", "kn", "btn")),
}


@pytest.mark.parametrize(("tag", "name"), ATTRIBUTES, ids=" ".join)
def test_each_attribute_has_its_values(tag: str, name: str) -> None:
    good, bad = ATTRIBUTES[tag, name]
    assert [value for value in good if not allowed(tag, name, value)] == []
    assert [value for value in bad if allowed(tag, name, value)] == []


@pytest.mark.parametrize(
    "name", ["style", "onclick", "name", "target", "hx-get", "data-x", "src", "for", "is"]
)
def test_other_attributes_are_for_nobody(name: str) -> None:
    assert [tag for tag in module.TAGS - {"img"} if allowed(tag, name, "a")] == []


def test_attributes_are_for_their_elements_only() -> None:
    own = {name for _, name in ATTRIBUTES} - {"class", "id", "title", "lang", "dir"}
    for tag in module.TAGS:
        for name in own:
            if (tag, name) not in ATTRIBUTES:
                assert not any(allowed(tag, name, value) for value in ATTRIBUTES_VALUES[name]), (tag, name)


ATTRIBUTES_VALUES = {
    name: {value for (_, other), (good, _) in ATTRIBUTES.items() if other == name for value in good}
    for _, name in ATTRIBUTES
}


def test_ids_and_targets_of_a_page_get_a_prefix() -> None:
    change = prefixer("les_1-", "<Gateways> planen")
    assert change("a & b") == "a & b"
    assert change('<h2 id="s-a">x</h2><a href="#s-a">y</a><a href="/a#s-a">z</a><a href="b">c</a>') == (
        '<h2 id="les_1-s-a">x</h2><a href="#les_1-s-a">y</a><a href="/a#s-a">z</a><a href="b">c</a>'
    )
    assert change(
        '<div role="region" aria-label="Tabelle 1">x</div><div aria-labelledby="tab-1">y</div>'
    ) == (
        '<div role="region" aria-label="Tabelle 1, Gateways planen">x</div>'
        '<div aria-labelledby="les_1-tab-1">y</div>'
    )
    assert change('<section aria-label="Fußnoten">x</section><a aria-label="Zurück">y</a>') == (
        '<section aria-label="Fußnoten, Gateways planen">x</section><a aria-label="Zurück">y</a>'
    )
    assert prefixer("a-")('<div aria-label="Tabelle 1">x</div>') == '<div aria-label="Tabelle 1">x</div>'
    assert change("<script>a</script><b onclick=x>b</b>") == "<b>b</b>"


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>a <b>b</b></p>", "a b"),
        ("1 &lt; 2 &amp; 3", "1 < 2 & 3"),
        ("a < b", "a < b"),
        ("<", "<"),
        ("", ""),
    ],
)
def test_the_words_of_a_piece_of_html(html: str, words: str) -> None:
    assert bare_text(html) == words


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a > b", "a &gt; b"),
        ("a\xa0b", "a&nbsp;b"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\x00b\x1f", "ab?"),
        ("a & b < c", "a &amp; b &lt; c"),
        ("\ud800", "\ufffd"),
        ("é \u2028", "é \u2028"),
    ],
)
def test_plain_text_stays(text: str, html: str) -> None:
    assert sanitise(text) == html
    assert sanitise(html) == html


@settings(deadline=None, max_examples=60)
@given(st.integers(min_value=0))
def test_another_parser_finds_nothing_outside_the_list(seed: int) -> None:
    text = oracle.soup(random.Random(seed))
    assert oracle.judge(text) == []


@pytest.mark.parametrize(
    "html",
    [
        "<h1>a</h1>",
        "<p style=a>b</p>",
        '<a href="java&#9;script:x">b</a>',
        '<a href="//a">b</a>',
        '<img src="/medien/../a.png">',
        '<p class="btn">a</p>',
        '<p id="x">a</p>',
        "<p>a",
        "</b>",
        "<!-- a -->",
    ],
)
def test_the_other_parser_finds_what_is_outside(html: str) -> None:
    assert list(oracle.complaints(html))
