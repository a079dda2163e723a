"""Hugo's shortcodes."""

import pytest

from learn.courses.foreign.converting import convert
from learn.courses.foreign.model import Foreign
from tests.courses.foreign.converted import body, converted, said, text


@pytest.mark.parametrize(
    ("opening", "name", "wanted"),
    [
        ("{{% notice tip %}}", "notice", "> [!TIP]\n> a"),
        ('{{< notice style="warning" title="T" >}}', "notice", "> [!WARNING]\n> **T**\n>\n> a"),
        ('{{% notice note "Mein Titel" %}}', "notice", "> [!NOTE]\n> **Mein Titel**\n>\n> a"),
        ('{{% alert title="T" color="danger" %}}', "alert", "> [!CAUTION]\n> **T**\n>\n> a"),
        ('{{< alert "Achtung Baustelle" >}}', "alert", "> [!NOTE]\n> **Achtung Baustelle**\n>\n> a"),
        ("{{< hint info >}}", "hint", "> [!NOTE]\n> a"),
        ("{{< caution >}}", "caution", "> [!CAUTION]\n> a"),
        (
            '{{%expand "Mehr `x`" %}}',
            "expand",
            "<details>\n<summary>Mehr <code>x</code></summary>\n\na\n\n</details>",
        ),
        (
            '{{< details title="M" open=true >}}',
            "details",
            "<details>\n<summary>M</summary>\n\na\n\n</details>",
        ),
        ("{{% expand %}}", "expand", "<details>\n<summary>Mehr dazu</summary>\n\na\n\n</details>"),
    ],
)
def test_boxes(opening: str, name: str, wanted: str) -> None:
    assert body(f"{opening}\na\n{{{{% /{name} %}}}}", "hugo") == wanted
    assert body(f"{opening}a{{{{% /{name} %}}}}", "hugo") == wanted


def test_a_box_within_a_list_takes_what_stands_at_the_margin() -> None:
    found = body("1. a\n\n    {{% expand %}}\n```\nb\n```\n    {{% /expand %}}\n2. c", "hugo")
    assert "    ```\n    b\n    ```\n\n    </details>\n\n2. c" in found


def test_tabs() -> None:
    first, second = '{{% tab name="B" %}}\nb\n{{% /tab %}}', '{{% tab "C" %}}\nc\n{{% /tab %}}'
    source = f"## A\n{{{{< tabs >}}}}\n{first}\n{second}\n{{{{< /tabs >}}}}"
    wanted = "## A\n\n<!-- tabs -->\n\n### B\n\nb\n\n### C\n\nc\n\n<!-- /tabs -->"
    assert body(source, "hugo") == wanted
    assert "**B**" in body(source.replace("\nb\n", "\n# b\n"), "hugo")


def test_a_value_among_the_words_of_a_link_is_no_link_itself() -> None:
    source = "[Stand {{< param stand >}}](a.md) ![B {{< param stand >}}][c]"
    assert body(source, "hugo", stand="2.4") == "[Stand 2.4](a.md) ![B 2.4][c]"


def test_values_of_the_site() -> None:
    text = Foreign("a.md", "hugo", {"a": "eins"}, "{{< param a >}} {{< param b.C >}}", 1, {"B": {"c": 2}})
    assert convert(text).body == "[eins](var:a) [2](var:b-C)"


def test_local_values() -> None:
    found = converted('Die {{< param "stadt.name" >}} und {{% param amt %}}.', "hugo", amt="das Bauamt")
    assert found.body == "Die [stadt.name](var:stadt-name) und [das Bauamt](var:amt)."
    assert set(found.values) == {"stadt-name", "amt"}
    assert said(found) == [("K602", 1, "einem lokalen Wert")] * 2


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ('[a]({{< ref "b.md" >}}#c)', "[a](b.md#c)"),
        ('[a]({{% relref "/b/c" %}})', "[a](/b/c)"),
        ('[a]: {{< ref "b.md" >}}', "[a]: b.md"),
        ("[a](https://b/{{< param c >}})", "[a](https://b/c)"),
        ("https://b/{{< param c >}}/d", "https://b/{{< param c >}}/d"),
        ('{{< figure src="a b.png" caption="C" alt="A" >}}', '![A](a%20b.png "C")'),
        ('{{< figure src="a.png" caption="B [c](d)" >}}', "![B c](a.png)\n\nB [c](d)"),
        ('{{< figure src="a.png" title="T" link="b.md" >}}', '[![T](a.png "T")](b.md)'),
        ('a {{% button href="b.md" %}}C{{% /button %}} d', "a [C](b.md) d"),
        (
            "{{< youtube abc >}}",
            "[Video: https://www.youtube.com/watch?v=abc](https://www.youtube.com/watch?v=abc)",
        ),
        ('{{< highlight go "linenos=table" >}}\na\n{{< /highlight >}}', "```go\na\n```"),
        ("{{< mermaid >}}\na-->b\n{{< /mermaid >}}", "```mermaid\na-->b\n```"),
    ],
)
def test_links_pictures_and_code(source: str, wanted: str) -> None:
    assert body(source, "hugo") == wanted


def test_all_else_stays_text_and_is_named() -> None:
    found = converted('{{< children >}} {{<b c="d">}} {{< /notice >}}', "hugo")
    assert found.body == '{{< children >}} {{\\<b c="d">}} \\{{< /notice >}}'
    assert [fault.code for fault in found.faults] == ["K601"] * 3


@pytest.mark.parametrize(
    "source",
    ["`{{< param a >}}`", "```\n{{< param a >}}\n```", "<!-- {{< param a >}} -->", "    {{< param a >}}"],
)
def test_code_and_comments_are_not_touched(source: str) -> None:
    assert body(f"x\n\n{source}", "hugo") == f"x\n\n{source}"


def test_a_table_cannot_hold_a_box() -> None:
    found = body('| a |\n|---|\n| {{< expand "b" >}}c{{< /expand >}} |', "hugo")
    assert found == text("""
        | a |
        |---|
        | \\{{< expand "b" >}}c\\{{< /expand >}} |
    """)


def test_crossing_boxes_stay_text() -> None:
    found = converted("{{% notice tip %}}\n::: callout\na\n{{% /notice %}}\n:::", "hugo")
    assert [fault.code for fault in found.faults].count("K601") == 2
    assert "a" in found.body
