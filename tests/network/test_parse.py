"""Lists of towns: what is read, and each fault with its line."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learn.core import schema
from learn.network import parse

HEAD = b"ags,name\n"
PUBLIC = "Zeile 2: „domains“: gmx.de gehört einem öffentlichen Anbieter. Nennen Sie eine Domain der Kommune."


def faults(data: bytes) -> list[str]:
    with pytest.raises(parse.BadTownsError) as caught:
        parse.towns(data)
    return [str(fault) for fault in caught.value.faults]


def test_the_list_of_the_network_holds_59_towns() -> None:
    rows = parse.towns((schema.PACKAGE / "network" / "suedwestfalen.csv").read_bytes())
    assert len(rows) == 59
    assert rows[0] == parse.TownRow(
        "05958004",
        {
            "name": "Arnsberg",
            "kind": "Stadt",
            "district": "Hochsauerlandkreis",
            "district_key": "05958",
            "population": 74300,
            "population_day": date(2023, 6, 30),
            "population_verified": True,
            "role": "pionier",
        },
    )


def test_columns_left_out_are_not_stated() -> None:
    assert parse.towns(HEAD + "05958004,Ärnsberg\n".encode()) == [
        parse.TownRow("05958004", {"name": "Ärnsberg"})
    ]


def test_what_spreadsheets_write_is_read() -> None:
    data = '\ufeffags;name;einwohner\r\n05958004;"Arns;berg";1\r\n\r\n05958008; Bestwig ;\r\n'.encode()
    found = parse.towns(data)
    assert [(row.values["name"], row.values["population"]) for row in found] == [
        ("Arns;berg", 1),
        ("Bestwig", None),
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ["Zeile 1: Es fehlt die Spalte „ags“.", "Zeile 1: Es fehlt die Spalte „name“."]),
        (HEAD, ["Zeile 1: Die Datei enthält keine Kommune."]),
        (b"ags,name,name\n", ["Zeile 1: Nennen Sie jede Spalte nur einmal."]),
        (HEAD + b"1,A\n", ["Zeile 2: „ags“: Erlaubt ist ein Schlüssel mit acht Ziffern, nicht „1“."]),
        (HEAD + b"05958004,A\n05958004,B\n", ["Zeile 3: Der Schlüssel 05958004 steht schon weiter oben."]),
        (HEAD + b"05958004\n", ["Zeile 2: Die Zeile hat 1 Felder, der Kopf 2."]),
        (HEAD + b"05958004,\n", ["Zeile 2: „name“: Erlaubt ist ein Name mit 1 bis 200 Zeichen, nicht „“."]),
        (HEAD + b'05958004,"A\n', ["Zeile 2: Prüfen Sie die Anführungszeichen dieser Zeile."]),
        (HEAD + b"05958004,\xe4\n", ["Zeile 2: Speichern Sie die Datei als UTF-8."]),
        (HEAD + b"05958004,a\0b\n", ["Zeile 2: Entfernen Sie Steuerzeichen."]),
        (
            b"ags,name,einwohner\n05958004,A,74.300\n",
            ["Zeile 2: „einwohner“: Erlaubt ist eine ganze Zahl ohne Punkte, nicht „74.300“."],
        ),
        (
            b"ags,name,einwohner_stand\n05958004,A,2023-02-30\n",
            ["Zeile 2: „einwohner_stand“: Erlaubt ist ein Tag wie 2023-06-30, nicht „2023-02-30“."],
        ),
        (
            b"ags,name,rolle\n05958004,A,chef\n",
            ["Zeile 2: „rolle“: Erlaubt ist pionier, mitglied oder gast, nicht „chef“."],
        ),
        (
            b"ags,name,einwohner_geprueft\n05958004,A,vielleicht\n",
            ["Zeile 2: „einwohner_geprueft“: Erlaubt ist yes oder no, nicht „vielleicht“."],
        ),
        (
            b"ags,name,postfach\n05958004,A,smart@stadt\n",
            ["Zeile 2: „postfach“: Erlaubt ist eine Adresse wie smartcity@stadt.de, nicht „smart@stadt“."],
        ),
        (
            b"ags,name,phase\n05958004,A,Planung\n",
            ["Zeile 2: „phase“: Erlaubt ist idee, konzept, vergabe oder betrieb, nicht „Planung“."],
        ),
        (
            b"ags,name,domains\n05958004,A,stadt\n",
            ["Zeile 2: „domains“: „stadt“ ist keine Domain wie stadt-beispiel.de."],
        ),
        (b"ags,name,domains\n05958004,A,gmx.de\n", [PUBLIC]),
        (
            b"ags,name,domains\n05958004,A,a.example\n05958008,B,b.example a.example\n",
            ["Zeile 3: Die Domain a.example steht schon in Zeile 2."],
        ),
    ],
)
def test_every_fault_has_its_line(data: bytes, expected: list[str]) -> None:
    assert faults(data) == expected


def test_an_unknown_topic_is_named_with_the_known_ones() -> None:
    found = faults(b"ags,name,themen\n05958004,A,klima wetter\n")
    assert found[0].startswith("Zeile 2: „themen“: Das Thema „wetter“ gibt es nicht. Möglich sind sensorik,")


def test_lists_in_a_cell_are_separated_by_blanks_and_sorted() -> None:
    rows = parse.towns(
        b"ags,name,themen,domains\n05958004,A, klima  ki klima ,Stadt.example b.stadt.example\n"
    )
    assert rows[0].values["topics"] == ("ki", "klima")
    assert rows[0].values["domains"] == ("b.stadt.example", "stadt.example")
    assert rows[0].line == 2


def test_unknown_columns_are_named_with_the_known_ones() -> None:
    assert faults(b"ags,name,farbe\n")[0].startswith(
        "Zeile 1: Die Spalte „farbe“ ist unbekannt. Möglich sind ags,"
    )


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    for text in (data, HEAD + data):
        with contextlib.suppress(parse.BadTownsError):
            parse.towns(text)
