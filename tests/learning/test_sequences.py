"""Random authors and learners hold the table of progress; `tests.learning.sequences` tries more of them."""

import pytest

from tests.learning import sequences


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_the_table_holds_in_random_sequences(first: int) -> None:
    for seed in range(first, first + 50):
        sequences.run(seed)
