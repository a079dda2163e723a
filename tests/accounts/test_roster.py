"""Lists of people as they come from Excel and elsewhere: read row by row, faults by line."""

import codecs
from pathlib import Path

import pytest

from learn.accounts import roster
from learn.accounts.roster import BadRosterError, Fault, Row

HEAD = "email,name,ags\n"


def read(folder: Path, text: str | bytes, encoding: str = "utf-8") -> list[Row | Fault]:
    return list(opened(folder, text, encoding).rows())


def opened(folder: Path, text: str | bytes, encoding: str = "utf-8") -> roster.Roster:
    path = folder / "liste.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return roster.roster(path)


def faults(folder: Path, *lines: str, head: str = HEAD) -> list[str]:
    return [str(each) for each in read(folder, head + "\n".join(lines)) if isinstance(each, Fault)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_any_common_spelling_is_read(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    lines = ("email|name|ags|funktion|rollen", "a@x.example| Änne Weiß |05958004|Bürgerbüro|Kontakt Betrieb")
    text = end.join(lines).replace("|", delimiter)
    found = opened(tmp_path, text, encoding)
    (row,) = found.rows()
    assert row == Row(2, "a@x.example", "Änne Weiß", "05958004", "Bürgerbüro", ("expert", "operator"))
    assert found.charset == ("Windows-1252 (Excel)" if encoding == "cp1252" else "UTF-8")
    assert (found.delimiter, found.lines) == (delimiter, 1)


def test_an_umlaut_on_the_border_of_two_chunks_is_utf_8(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "CHUNK", 64)
    text = HEAD + "".join(f"p{number}@x.example,{'ä' * number},05958004\n" for number in range(1, 60))
    assert opened(tmp_path, text).charset == "UTF-8"
    assert opened(tmp_path, text.encode() + b"\xc3").charset == "Windows-1252 (Excel)"


def test_blank_lines_and_lines_within_quotes_count(tmp_path: Path) -> None:
    text = HEAD + '\na@x.example,"Anna\nMüller",05958004\n,,\nb@x.example,B,\n'
    assert [str(each) for each in read(tmp_path, text)] == [
        "Zeile 3: Geben Sie einen Namen mit höchstens 200 Zeichen an.",
        "Zeile 6: Es fehlt der Gemeindeschlüssel (ags).",
    ]


def test_a_leading_zero_that_excel_dropped_comes_back(tmp_path: Path) -> None:
    (row,) = read(tmp_path, HEAD + "a@x.example,A,5958004\n")
    assert isinstance(row, Row)
    assert row.ags == "05958004"


def test_only_coordinators_and_operators_lack_a_town(tmp_path: Path) -> None:
    head = "email,name,ags,rollen\n"
    (row,) = read(tmp_path, head + "a@x.example,A,,koordination\n")
    assert isinstance(row, Row)
    assert (row.ags, row.roles) == ("", ("coordinator",))
    assert faults(tmp_path, "a@x.example,A,,Lernbegleitung", head=head) == [
        "Zeile 2: Es fehlt der Gemeindeschlüssel (ags)."
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("anna,A,05958004", "„anna“ ist keine E-Mail-Adresse."),
        ("a@x.example\u0007,A,05958004", "ist keine E-Mail-Adresse."),
        ("a@x.example,,05958004", "Geben Sie einen Namen"),
        (f"a@x.example,{'x' * 201},05958004", "Geben Sie einen Namen"),
        ("a@x.example,A,059580044", "kein Gemeindeschlüssel"),
        ("a@x.example,A,Olpe", "kein Gemeindeschlüssel"),
        ("a@x.example,A", "Die Zeile hat 2 Felder, der Kopf 3."),
        ('a@x.example,"A"x,05958004', "Prüfen Sie die Anführungszeichen"),
        ("a@x.example,A\u0000,05958004", "Geben Sie einen Namen"),
    ],
)
def test_faults_say_what_to_do(tmp_path: Path, line: str, sentence: str) -> None:
    found = faults(tmp_path, line)
    assert len(found) == 1
    assert found[0].startswith("Zeile 2: ")
    assert sentence in found[0]


def test_roles_that_do_not_exist_are_named_with_those_that_do(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "a@x.example,A,05958004,Chefin", head="email,name,ags,rollen\n")
    assert fault == (
        "Zeile 2: „Chefin“: Möglich sind lernende, kontakt, lernbegleitung, koordination, betrieb."
    )


def test_what_no_character_set_holds_is_a_fault(tmp_path: Path) -> None:
    (fault,) = read(tmp_path, HEAD.encode() + b"a@x.example,M\x81ller,05958004\n")
    assert str(fault) == "Zeile 2: Ein Zeichen ist unlesbar. Speichern Sie die Datei als „CSV UTF-8“."


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Es fehlt die Spalte „email“"),
        (b"name,ags\n", "Es fehlt die Spalte „email“"),
        (b"email,name,ags,gehalt\n", "Die Spalte „gehalt“ ist unbekannt"),
        (b"email,name,ags,email\n", "Nennen Sie jede Spalte nur einmal"),
        (codecs.BOM_UTF16_LE + "email".encode("utf-16-le"), "UTF-16"),
        (b'"email,name,ags\n', "Es fehlt die Spalte"),
        (b"PK\x03\x04\x00\x00", "Es fehlt die Spalte"),
    ],
)
def test_files_that_are_no_list_are_refused(tmp_path: Path, data: bytes, sentence: str) -> None:
    with pytest.raises(BadRosterError, match=sentence):
        opened(tmp_path, data)


def test_capitals_in_the_head_do_not_matter(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "Email;NAME;Ags\na@x.example;A;05958004\n")
    assert isinstance(row, Row)
