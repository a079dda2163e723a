"""`learn user import` as people at a shell see it."""

from pathlib import Path

import pytest

from tests.cli.program import learn

HEAD = "email;name;ags;rollen\n"
TOWNS = "ags,name,rolle\n05966024,Olpe,pionier\n"


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    (folder / "towns.csv").write_text(TOWNS)
    assert learn(folder / "instance", "municipality", "import", str(folder / "towns.csv")).code == 0
    return folder / "instance"


def test_a_list_is_checked_then_imported_then_known(instance: Path, tmp_path: Path) -> None:
    file = tmp_path / "liste.csv"
    text = f"{HEAD}anna@olpe.example;Anna Müller;5966024;Kontakt\nb@olpe.example;Bernd;05966024;\n"
    file.write_bytes(text.encode("cp1252"))
    checked = learn(instance, "user", "import", str(file), "--dry-run")
    assert (checked.code, checked.err) == (0, "")
    assert checked.out.splitlines() == [
        "Zeichensatz Windows-1252 (Excel), Trennzeichen Semikolon.",
        "2 neu, 0 schon da.",
        "Probelauf: Es wurde nichts geschrieben.",
    ]
    done = learn(instance, "user", "import", str(file), "--no-invite")
    assert done.out.splitlines()[-1] == "2 neue Konten."
    again = learn(instance, "user", "import", str(file))
    assert again.out.splitlines()[1:] == ["0 neu, 2 schon da.", "0 neue Konten."]


def test_faults_stand_by_line_and_nobody_is_added(instance: Path, tmp_path: Path) -> None:
    file = tmp_path / "liste.csv"
    file.write_text(f"{HEAD}c@olpe.example;Carla;05966024;\nhallo;Dora;05966024;\n")
    refused = learn(instance, "user", "import", str(file))
    assert refused.code == 1
    assert refused.out.splitlines()[1:] == ["Zeile 3: „hallo“ ist keine E-Mail-Adresse."]
    assert refused.err == "Die Datei hat einen Fehler. Es wurde niemand aufgenommen.\n"
    file.write_text("name;ags\n")
    assert "Es fehlt die Spalte „email“" in learn(instance, "user", "import", str(file)).err


def test_long_lists_say_how_far_they_are(instance: Path, tmp_path: Path) -> None:
    file = tmp_path / "liste.csv"
    file.write_text(HEAD + "".join(f"p{n}@olpe.example;Person {n};05966024;\n" for n in range(2500)))
    done = learn(instance, "user", "import", str(file), "--no-invite")
    assert done.out.splitlines()[-1] == "2500 neue Konten."
    assert done.err.splitlines()[-1] == "Aufgenommen: 2500 von 2500"
    assert "Geprüft: 1000 von 2500" in done.err
