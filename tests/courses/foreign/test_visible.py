"""The measure itself notices what is lost, moved or missing."""

from pathlib import Path

import pytest

from learn.markup import render
from tests import foreign
from tests.courses.foreign.material import LESSONS, SITE, WORKSHOP, write
from tests.courses.foreign.visible import compare

SOURCE = "# Titel\n\nEins zwei [drei](https://example.org/) vier.\n\n![Bild](a.png)\n"


@pytest.mark.parametrize("material", [WORKSHOP, SITE, LESSONS])
def test_our_drafts_lack_nothing(
    tmp_path: Path, material: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert foreign.measured(write(tmp_path / "kurs", material), verbose=True)
    assert (
        "0 Wörter fehlen, 0 stehen anders; weniger Links in 0, weniger Bilder in 0" in capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("draft", "lost", "moved", "links", "pictures"),
    [
        (SOURCE, (), (), (1, 1), (1, 1)),
        (SOURCE.replace("zwei ", ""), ("zwei",), (), (1, 1), (1, 1)),
        (SOURCE.replace("Eins zwei", "zwei Eins"), (), ("zwei",), (1, 1), (1, 1)),
        (SOURCE.replace("[drei](https://example.org/)", "drei"), (), (), (1, 0), (1, 1)),
        (SOURCE.replace("![Bild](a.png)", "Bild"), (), (), (1, 1), (1, 0)),
        (SOURCE.replace("vier", "<!-- vier -->"), ("vier",), (), (1, 1), (1, 1)),
    ],
)
def test_differences_are_found(
    draft: str,
    lost: tuple[str, ...],
    moved: tuple[str, ...],
    links: tuple[int, int],
    pictures: tuple[int, int],
) -> None:
    found = compare(SOURCE, "Titel", (), draft, render(draft, "kurs", title="Titel"))
    assert (found.lost, found.moved, found.links, found.pictures) == (lost, moved, links, pictures)
    assert found.none == (draft == SOURCE)
