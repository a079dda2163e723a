"""Details."""

from tests.markup.support import flat


def test_markdown_between_the_tags() -> None:
    source = "<details>\n<summary>Titel</summary>\n\nText *x*\n\n- a\n\n</details>\n\nDanach"
    assert flat(source) == (
        '<details class="sc-details"><summary>Titel</summary><p>Text <em>x</em></p>'
        "<ul><li>a</li></ul></details><p>Danach</p>"
    )


def test_open_details_stay_open_and_a_missing_summary_is_supplied() -> None:
    assert flat("<details open>\n\nText\n\n</details>") == (
        '<details open="" class="sc-details"><summary>Mehr dazu</summary><p>Text</p></details>'
    )


def test_details_end_with_the_text() -> None:
    assert flat("<details>\n<summary>T</summary>\n\nText").endswith("<p>Text</p></details>")


def test_details_in_details_and_in_lists() -> None:
    found = flat("- a\n  <details>\n  <summary>T</summary>\n\n  b\n\n  </details>\n- c")
    assert found.count("</details>") == 1
    assert found.index("</details>") < found.index("c</p>" if "c</p>" in found else "c</li>")
