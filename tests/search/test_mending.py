"""One wrong letter in a word or in a part of a compound is mended by our own words."""

import pytest
from sqlalchemy.orm import Session

from learn.search import documents, mending
from learn.search.documents import Document
from learn.search.finding import search


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("laerrmschutz", "laermschutz"),
        ("energiegesez", "energiegesetz"),
        ("zitsernenfoerderung", "zisternenfoerderung"),
        ("ratssitzugen", "ratssitzungen"),
    ],
)
def test_a_wrong_letter_is_mended(wrong: str, right: str) -> None:
    assert mending.mended(wrong)[0] == right


@pytest.mark.parametrize("right", ["laermschutz", "beleuchtung", "haus", "datenschutzgrundverordnung"])
def test_a_right_word_stays(right: str) -> None:
    assert mending.mended(right) == []


def test_a_misspelt_compound_finds_its_parts(db: Session) -> None:
    texts = [("Schutz vor Lärm", ""), ("Lärm am Ring", "Ein Zaun"), ("Datenschutz", "")]
    documents.put(
        db,
        [
            Document(f"frage:{number}", "frage", "oeffentlich", title, body)
            for number, (title, body) in enumerate(texts)
        ],
    )
    assert [hit.ref for hit in search(db, ("oeffentlich",), "Lärrmschutz").rows] == ["frage:0"]
