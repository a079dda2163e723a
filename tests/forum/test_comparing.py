"""Two states of a text: merging what two people changed, and what the history shows."""

from hypothesis import given
from hypothesis import strategies as st

from learn.forum.comparing import Difference, Pair, differences, merged, paragraphs

BASE = "Eins\n\nZwei\n\nDrei"
TEXTS = st.lists(st.sampled_from("abcdef"), max_size=6).map("\n\n".join)


def test_changes_of_different_paragraphs_are_one_text() -> None:
    found = merged(BASE, "Eins!\n\nZwei\n\nDrei", "Eins\n\nZwei\n\nDrei\n\nVier")
    assert found.text == "Eins!\n\nZwei\n\nDrei\n\nVier"


def test_changes_of_one_paragraph_stand_side_by_side() -> None:
    found = merged(BASE, "Eins\n\nZwo\n\nDrei", "Eins\n\nZwei!\n\nDrei")
    assert found.text is None
    assert found.pairs == (Pair("Eins", "Eins"), Pair("Zwo", "Zwei!"), Pair("Drei", "Drei"))
    assert [pair.same for pair in found.pairs] == [True, False, True]


def test_a_paragraph_that_one_removes_and_the_other_changes_is_a_clash() -> None:
    assert merged(BASE, "Eins\n\nDrei", "Eins\n\nZwei!\n\nDrei").text is None


def test_two_new_paragraphs_at_one_place_are_a_clash() -> None:
    assert merged("Eins", "Eins\n\nA", "Eins\n\nB").text is None
    assert merged("Eins", "Eins\n\nA", "Eins\n\nA").text == "Eins\n\nA"


def test_code_between_fences_is_one_paragraph() -> None:
    assert paragraphs("Text\n\n```\na\n\nb\n```\n\nText") == ["Text", "```\na\n\nb\n```", "Text"]
    assert paragraphs("~~~\noffen\n\nEnde") == ["~~~\noffen\n\nEnde"]


def test_the_history_tells_what_went_and_what_came() -> None:
    assert differences(BASE, "Eins\n\nZwo\n\nDrei") == (
        Difference("gleich", "Eins"),
        Difference("entfallen", "Zwei"),
        Difference("neu", "Zwo"),
        Difference("gleich", "Drei"),
    )


@given(TEXTS, TEXTS)
def test_what_only_one_changed_is_taken_over(base: str, changed: str) -> None:
    assert merged(base, changed, base).text == changed
    assert merged(base, base, changed).text == changed
    assert merged(base, changed, changed).text == changed


@given(TEXTS, TEXTS, TEXTS)
def test_no_text_is_lost_and_both_sides_agree(base: str, mine: str, theirs: str) -> None:
    found, mirrored = merged(base, mine, theirs), merged(base, theirs, mine)
    assert "\n\n".join(pair.mine for pair in found.pairs if pair.mine) == mine
    assert "\n\n".join(pair.theirs for pair in found.pairs if pair.theirs) == theirs
    assert found.text == mirrored.text
    if found.text is not None:
        kept = set(paragraphs(mine)) & set(paragraphs(theirs)) - set(paragraphs(base))
        assert kept <= set(paragraphs(found.text)), "what both added stays"


@given(TEXTS, TEXTS)
def test_the_history_holds_both_states(old: str, new: str) -> None:
    found = differences(old, new)
    assert "\n\n".join(part.text for part in found if part.kind != "neu") == old
    assert "\n\n".join(part.text for part in found if part.kind != "entfallen") == new
