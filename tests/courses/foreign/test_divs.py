"""Fenced divs become boxes."""

import pytest

from tests.courses.foreign.converted import body, converted, said, text


@pytest.mark.parametrize(
    ("name", "sort", "label"),
    [
        ("callout", "NOTE", ""),
        ("challenge", "NOTE", "Challenge: "),
        ("prereq", "IMPORTANT", "Prerequisites: "),
        ("discussion", "NOTE", "Discussion: "),
        ("caution", "CAUTION", ""),
    ],
)
def test_a_callout_takes_its_heading_as_title(name: str, sort: str, label: str) -> None:
    found = body(f"::::: {name}\n\n## Frage\n\nText\n\n:::", "carpentries")
    assert found == f"> [!{sort}]\n> **{label}Frage**\n>\n> Text"


@pytest.mark.parametrize("name", ["solution", "hint", "spoiler", "instructor"])
def test_folded_texts_have_a_summary(name: str) -> None:
    assert body(f"::: {name}\nText\n:::") == text(f"""
        <details>
        <summary>{name.capitalize()}</summary>

        Text

        </details>
    """)


def test_divs_nest_with_any_number_of_colons() -> None:
    assert body("""
        ::: challenge
        ## Was zeigt `ls`?
        :::::::: solution
        ```bash
        ::: callout
        ```
        :::
        :::::
        Danach
    """) == text("""
        > [!NOTE]
        > **Challenge: Was zeigt `ls`?**
        >
        > <details>
        > <summary>Solution</summary>
        >
        > ```bash
        > ::: callout
        > ```
        >
        > </details>

        Danach
    """)


def test_a_summary_keeps_code_and_leaves_links_to_the_text() -> None:
    assert "<summary>Solution: <code>a</code> &amp; b</summary>" not in body("::: solution\n## x\n:::")
    assert "<summary>Solution: <code>a&lt;</code> b</summary>" in body("::: solution\n## `a<` b\n:::")
    assert "**Solution: [a](b.md)**" in body("::: solution\n## [a](b.md)\n:::")


def test_a_heading_that_a_link_leads_to_stays_one() -> None:
    assert "> ## Ziel" in body("[hin](#ziel)\n\n::: callout\n## Ziel\nText\n:::")


@pytest.mark.parametrize(
    ("opening", "first"),
    [
        ("::: {.callout}", "> [!NOTE]"),
        ("::: callout :::", "> [!NOTE]"),
        (":::tip Mein Titel", "> [!TIP]\n> **Tip: Mein Titel**"),
        (":::danger[Mein Titel]", "> [!CAUTION]\n> **Danger: Mein Titel**"),
        ('::: {.callout-warning title="T"}', "> [!WARNING]\n> **T**"),
    ],
)
def test_other_generators_name_theirs_alike(opening: str, first: str) -> None:
    assert body(f"{opening}\nText\n:::").startswith(first)


def test_tabs_hold_headings() -> None:
    assert (
        body("::: group-tab\n### A\na\n### B\nb\n:::")
        == "<!-- tabs -->\n\n### A\na\n### B\nb\n\n<!-- /tabs -->"
    )


def test_tabs_within_boxes_are_plain_headings() -> None:
    assert "tabs" not in body("::: callout\n::: tab\n### A\na\n:::\n:::")


def test_unknown_and_open_ones_stay_text() -> None:
    found = converted("::: spalte\na\n:::\n\n::: callout\nb")
    assert found.body == "::: spalte\na\n:::\n\n::: callout\nb"
    assert said(found) == [("K601", 1, "::: spalte"), ("K601", 5, "::: callout")]


def test_divs_without_a_name_pair_with_their_own_end() -> None:
    found = body("::: callout\n::: {#a}\nb\n:::\nc\n:::\nd")
    assert found == "> [!NOTE]\n> ::: {#a}\n> b\n> :::\n> c\n\nd"
    assert body("::: {#a .tip}\nb\n:::") == "> [!TIP]\n> **Tip**\n>\n> b"


def test_a_box_in_a_list_stands_at_its_place() -> None:
    assert body("- a\n  ::: tip\n  b\n  :::\n- c") == "- a\n\n  > [!TIP]\n  > **Tip**\n  >\n  > b\n\n- c"


def test_neighbours_stay_apart() -> None:
    assert body("> q\n> \n::: callout\na\n:::\n> r") == "> q\n> \n\n> [!NOTE]\n> a\n\n> r"
