"""What finds a town by its name."""

import pytest

from learn.network import words


def test_endings_hold_the_middle_of_each_word() -> None:
    assert words.endings("Olpe", "05966024") == {"olpe", "lpe", "pe", "05966024"}
    assert {"sauerland", "land", "eslohe"} <= words.endings("Eslohe (Sauerland)", "05958016")
    assert "moehnesee" in words.endings("Möhnesee", "05974032")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("  Bad  Berleburg ", ("bad", "berleburg")),
        ("Wickede (Ruhr)", ("wickede", "ruhr")),
        ("MÖHNE", ("moehne",)),
        ("?!", ()),
        ("a a a", ("a",)),
        ("a b c d e f g", ("a", "b", "c", "d", "e")),
    ],
)
def test_a_search_is_its_words(asked: str, expected: tuple[str, ...]) -> None:
    assert words.wanted(asked) == expected
