"""Callouts of other generators, Liquid, LiaScript, HTML, and signs of our own."""

import pytest

from tests.courses.foreign.converted import body, converted, said


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (
            '!!! tip "T"\n    a\n\n    - b\n        - c\nd',
            "> [!TIP]\n> **tip: T**\n>\n> a\n>\n> - b\n>     - c\n\nd",
        ),
        ("??? note\n    a", "<details>\n<summary>note</summary>\n\na\n\n</details>"),
        ('=== "A"\n\n    a\n\n=== "B"\n\n    b', "**A**\n\na\n\n**B**\n\nb"),
        ("!!! note\n    !!! tip\n        a", "> [!NOTE]\n> **note**\n>\n> > [!TIP]\n> > **tip**\n> >\n> > a"),
        ("```{warning} W\n:class: x\na `b`\n```", "> [!WARNING]\n> **Warning: W**\n>\n> a `b`"),
        ("```{unbekannt}\na\n```", "```{unbekannt}\na\n```"),
        ("!!! anders\n    a", "!!! anders\n    a"),
    ],
)
def test_admonitions(source: str, wanted: str) -> None:
    assert body(source) == wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("[a]({{ site.baseurl }}/b)", "[a](/b)"),
        ("[a]({{ page.root }}{% link _episodes/01-b.md %})", "[a](_episodes/01-b.md)"),
        ("![a]({{ '/b.png' | relative_url }})", "![a](/b.png)"),
        ("{% highlight python %}\na\n{% endhighlight %}", "```python\na\n```"),
        ('{% include a.html b="<i>" %}', '{% include a.html b="\\<i>" %}'),
        ("`{{ a }}`", "`{{ a }}`"),
        ("{{%/* a */%}}", "{{%/* a */%}}"),
    ],
)
def test_liquid(source: str, wanted: str) -> None:
    assert body(source) == wanted


def test_what_is_left_is_named_with_its_line() -> None:
    found = converted("{{ site.title }}\n\n{% raw %} [[Seite]]\na\n{: .b}")
    assert said(found) == [
        ("K601", 1, "{{ site.title }}"),
        ("K601", 3, "{% raw %}"),
        ("K601", 3, "[[Seite]]"),
        ("K601", 5, "{: .b}"),
    ]


def test_liascript_stays_text() -> None:
    source = "# T\n\n{{1}} a @run(b)\n\n[[X]] c\n[( )] d\n\n!?[e](https://f)\n\nmail@example.org `@g`"
    found = converted(source, "liascript")
    assert found.body == source
    words = {fault.values["ausschnitt"] for fault in found.faults}
    assert words == {"{{1}}", "@run(b)", "[[X]]", "[( )]", "!?[e]"}


def test_spoken_words_far_from_the_margin_are_no_code() -> None:
    assert body("a\n\n             --{{0}}--\nb", "liascript") == "a\n\n--{{0}}--\nb"


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ('<center><font color="red">a</font></center>', "<div><span>a</span></div>"),
        ('<picture><source srcset="a"><img src="b"></picture>', '<img src="b">'),
        ('<iframe src="https://a/?b&c"></iframe>', '<a href="https://a/?b&amp;c">https://a/?b&amp;c</a>'),
        ('<iframe src="javascript:a"></iframe>', ""),
        ("cd <path>", "cd <path>"),
        ("`<center>` <b>a</b> <eigen>", "`<center>` <b>a</b> <eigen>"),
    ],
)
def test_html(source: str, wanted: str) -> None:
    assert body(source) == wanted


def test_words_that_look_like_our_signs() -> None:
    assert body("<!-- quiz -->\n\na") == "<!-- (quiz) -->\n\na"
    assert body("<!-- tabs -->\n\n## a\n\n<!-- /tabs -->") == "<!-- tabs -->\n\n## a\n\n<!-- /tabs -->"
    assert body("Tabelle: a\n\n| b |\n|---|") == "<span>Tabelle:</span> a\n\n| b |\n|---|"
    assert body("```\n<!-- quiz -->\n```") == "```\n<!-- quiz -->\n```"
