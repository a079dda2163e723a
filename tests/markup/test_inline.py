"""Inline text: emphasis, code, links, addresses, characters and line ends as GFM has them."""

import pytest

from tests.markup.support import faults, html

LINK = ' rel="noopener">'


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("*a* _b_ **c** __d__", "<em>a</em> <em>b</em> <strong>c</strong> <strong>d</strong>"),
        ("***a** b*", "<em><strong>a</strong> b</em>"),
        ("a_b_c 2*3*4", "a_b_c 2<em>3</em>4"),
        ("**a*b", "**a*b"),
        ("~~a~~ ~b~ ~5 bis ~6", "<del>a</del> ~b~ ~5 bis ~6"),
        ("`a*b*` `` `c` ``", "<code>a*b*</code> <code>`c`</code>"),
        ("`offen", "`offen"),
        (r"\*a\* \\ \b", r"*a* \ \b"),
        ("a\\\nb  \nc \nd", "a<br>\nb<br>\nc\nd"),
        ("&copy; &#x41; &amp; &nix; &", "© A &amp; &amp;nix; &amp;"),
        ("<https://a.example/x_y_z>", f'<a href="https://a.example/x_y_z"{LINK}https://a.example/x_y_z</a>'),
        ("<a@b.example>", '<a href="mailto:a@b.example">a@b.example</a>'),
        ("CO<sub>2</sub> <kbd>Strg</kbd>", "CO<sub>2</sub> <kbd>Strg</kbd>"),
        ("a <!-- weg --> b", "a  b"),
        ("[a [b] c](https://d.example)", f'<a href="https://d.example"{LINK}a [b] c</a>'),
        ("[a](<https://d.example/x y> 'T')", f'<a href="https://d.example/x%20y" title="T"{LINK}a</a>'),
        ("[`a]`](https://d.example)", f'<a href="https://d.example"{LINK}<code>a]</code></a>'),
        ("[a] (b)", "[a] (b)"),
        ("<a@-b.example>", "&lt;a@-b.example&gt;"),
    ],
)
def test_inline(source: str, expected: str) -> None:
    assert html(source) == f"<p>{expected}</p>"


@pytest.mark.parametrize(
    ("source", "href", "words"),
    [
        ("Unter https://a.example/b_c_d.", "https://a.example/b_c_d", "https://a.example/b_c_d"),
        ("(siehe www.a.example/x)", "http://www.a.example/x", "www.a.example/x"),
        ("„https://a.example/(b)“", "https://a.example/(b)", "https://a.example/(b)"),
        ("an post@a.example!", "mailto:post@a.example", "post@a.example"),
        ("**https://a.example**", "https://a.example", "https://a.example"),
        ("Starten Sie http://localhost:8080/x!", "http://localhost:8080/x", "http://localhost:8080/x"),
    ],
)
def test_bare_addresses_become_links(source: str, href: str, words: str) -> None:
    assert f'href="{href}"' in html(source)
    assert f">{words}</a>" in html(source)


@pytest.mark.parametrize(
    "source",
    ["a.example", "xhttps://a.example", "https://", "www._a", "a@b", "http://a_b.c_d", "paket@5.2.0"],
)
def test_other_words_do_not(source: str) -> None:
    assert "<a" not in html(source)


def test_an_address_in_the_words_of_a_link_is_no_second_link() -> None:
    assert html("[**https://a.example**](https://b.example)").count("<a") == 1


def test_an_address_in_the_words_of_a_picture_ends_with_them() -> None:
    found = html(
        "[![Raum https://a.example/b](bilder/b.png)](https://b.example) und [Ort (www.a.example)](https://c.example)"
    )
    assert (found.count("<a "), found.count("<img ")) == (2, 1)


def test_a_link_in_a_link_is_text_outside() -> None:
    assert html("[a [b](https://c.example) d](https://e.example)").startswith("<p>[a <a")


def test_faults_in_a_paragraph_name_their_own_line() -> None:
    assert faults("eins\nzwei [x](nirgends.md)\ndrei ![](bilder/b.png)") == [("K503", 2), ("K502", 3)]
