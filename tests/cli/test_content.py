"""`learn content`: outputs, exit codes, and what scripts read."""

import json
import os
from pathlib import Path

import pytest

from learn.config import Config
from tests.cli.conftest import Learn
from tests.courses.folders import FIRST, SECOND, change, example, small, write


def test_a_course_goes_through_all_commands(learn: Learn, instance: Config, tmp_path: Path) -> None:
    course = example(tmp_path)
    said = learn("content", "publish", str(course), config=instance)
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        "beispielkurs: neu, Veröffentlichung 1",
        "0 Fehler, 0 Warnungen, 0 Hinweise.",
        "Veröffentlicht.",
    ]
    again = learn("content", "publish", str(course), config=instance)
    assert (again.code, again.out.splitlines()[-1]) == (0, "Nichts zu tun.")
    change(course / "02-betrieb/02-werte-nutzen.md", "dauer: 8min", "dauer: 8min\nausgabe: 2")
    dry = learn("content", "publish", str(course), "--dry-run", config=instance)
    assert dry.out.splitlines()[:2] == [
        "beispielkurs: Veröffentlichung 2 nach 1",
        "  inhaltlich: Werte nutzen, Ausgabe 1 → 2 (02-betrieb/02-werte-nutzen.md)",
    ]
    assert dry.out.splitlines()[2].startswith("  Weniger als 5 Lernende eingeschrieben. ")
    report = json.loads(learn("content", "publish", str(course), "--json", config=instance).out)
    assert report["ok"] is report["published"] is True
    assert report["courses"][0]["changes"] == [
        {
            "id": "les_1x7p4g8b",
            "class": "inhaltlich",
            "file": "02-betrieb/02-werte-nutzen.md",
            "from": 1,
            "to": 2,
        }
    ]
    back = learn("content", "rollback", "beispielkurs", config=instance)
    assert (back.code, back.out) == (0, "beispielkurs zeigt auf Veröffentlichung 1.\n")
    forth = learn("content", "rollback", "beispielkurs", "--to", "2", config=instance)
    assert forth.out == "beispielkurs zeigt auf Veröffentlichung 2.\n"
    out = learn("content", "export", "beispielkurs", str(tmp_path / "out"), config=instance)
    assert out.code == 0
    assert (tmp_path / "out/beispielkurs/kurs.md").read_bytes() == (course / "kurs.md").read_bytes()


def test_refusals_are_one_sentence_and_exit_1(learn: Learn, instance: Config, tmp_path: Path) -> None:
    course = small(tmp_path)
    change(course / FIRST, "dauer: 5min", "dauer: 99")
    for command in ("check", "publish"):
        said = learn("content", command, str(course), config=instance)
        assert (said.code, said.err) == (1, "Beheben Sie zuerst 1 Fehler.\n")
        assert f"{FIRST}:4: K104 " in said.out
    data = json.loads(learn("content", "check", "--json", str(course), config=instance).out)
    assert (data["ok"], data["faults"][0]["code"]) == (False, "K104")
    for words in (("rollback", "nichts"), ("export", "nichts", str(tmp_path / "out"))):
        said = learn("content", *words, config=instance)
        assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)


@pytest.mark.parametrize(
    "words",
    [
        ("check", "/nirgends"),
        ("check", "/dev/null"),
        ("publish",),
        ("render", "x.md"),
        ("rollback", "a", "--to", "0"),
        ("rollback", "a", "--to", "9" * 30),
    ],
)
def test_wrong_usage_exits_2(learn: Learn, words: tuple[str, ...]) -> None:
    said = learn("content", *words)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)


def test_checking_needs_no_instance_and_makes_none(learn: Learn, tmp_path: Path) -> None:
    course = small(tmp_path)
    missing = tmp_path / "nirgends"
    said = learn("content", "check", str(course), LEARN_INSTANCE=str(missing), LEARN_DATABASE_URL="")
    assert (said.code, said.out.splitlines()[-1]) == (0, "0 Fehler, 0 Warnungen, 0 Hinweise.")
    said = learn(
        "content", "render", str(course / SECOND), LEARN_INSTANCE=str(missing), LEARN_DATABASE_URL=""
    )
    assert said.code == 0
    assert not missing.exists()


def test_rendering_shows_all_parts_as_a_visitor_sees_them(
    learn: Learn, instance: Config, tmp_path: Path
) -> None:
    course = example(tmp_path)
    said = learn("content", "render", str(course / "02-betrieb/02-werte-nutzen.md"), config=instance)
    assert (said.code, said.err) == (0, "")
    assert '<h2 id="s-mittelwerte">Mittelwerte</h2>' in said.out
    assert 'id="aufgabe-liste"' in said.out
    assert 'id="fahrplan-plan"' in said.out
    quiz = learn(
        "content", "render", str(course / "01-grundlagen/01-was-sensoren-messen.md"), config=instance
    )
    assert 'id="frage-lueften"' in quiz.out
    assert "24 Werte" not in quiz.out  # the solution
    terms = learn("content", "render", str(course / "glossar.md"), config=instance)
    assert "<h2>Raumklima</h2>" in terms.out


def test_rendering_names_faults_and_knows_other_profiles(
    learn: Learn, instance: Config, tmp_path: Path
) -> None:
    file = tmp_path / "text.md"
    file.write_text("## Über\n\n[fort](nichts.md) <b onclick=x>fett</b>\n")
    said = learn("content", "render", str(file), config=instance)
    assert said.code == 1
    assert f"{file}:3: K503 " in said.err
    assert "onclick" not in said.out
    said = learn("content", "render", str(file), "--profile", "gfm", config=instance)
    assert (said.code, "onclick" in said.out) == (0, True)
    said = learn("content", "render", str(file), "--profile", "beitrag", config=instance)
    assert "onclick" not in said.out
    file.write_bytes(b"\xff")
    said = learn("content", "render", str(file), config=instance)
    assert (said.code, said.err.count("\n")) == (1, 1)


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_rendering_reads_files_only(learn: Learn, instance: Config, device: str) -> None:
    said = learn("content", "render", device, config=instance)
    assert (said.code, said.out, said.err) == (1, "", f"{device} ist keine Datei.\n")


def test_ids_are_counted_by_file(learn: Learn, tmp_path: Path) -> None:
    course = small(tmp_path)
    change(course / FIRST, "id: les_aaaaaaaa\n", "")
    assert learn("content", "ids", str(course)).out == f"{FIRST}: 1 Kennung\n"
    assert learn("content", "ids", str(course)).out == "Nichts zu tun.\n"
    (course / "glossar.md").write_text("x")
    said = learn("content", "ids", str(course))
    assert (said.code, said.err.startswith("Nicht lesbar: glossar.md.")) == (1, True)


def test_no_bytes_give_a_traceback(learn: Learn, tmp_path: Path) -> None:
    course = small(tmp_path)
    for seed in range(12):
        noise = os.urandom(40 + seed * 200)
        (course / FIRST).write_bytes(
            noise if seed % 2 else (course / SECOND).read_bytes()[: seed * 30] + noise
        )
        for command in ("check", "ids"):
            said = learn("content", command, str(course))
            assert said.code == 1
            assert "Unerwarteter" not in said.err


def test_a_path_goes_by_its_name(learn: Learn, instance: Config, tmp_path: Path) -> None:
    root = tmp_path / "in"
    small(root)
    file = root / "pfade/weg.md"
    head = "---\nid: pfa_aaaaaaaa\ntitel: Weg\nergebnis: Sie gehen.\nkurse: [kur_aaaaaaaa]\n---\n"
    write(file, head)
    assert learn("content", "publish", str(root), config=instance).code == 0
    write(file, head.replace("gehen", "laufen"))
    said = learn("content", "publish", str(root), config=instance)
    assert "pfade/weg: Veröffentlichung 2 nach 1\n" in said.out
    said = learn("content", "rollback", "pfade/weg", config=instance)
    assert said.out == "pfade/weg zeigt auf Veröffentlichung 1.\n"
    assert learn("content", "export", "pfade/weg", str(tmp_path / "out"), config=instance).code == 0
    assert (tmp_path / "out/pfade/weg.md").read_text() == head
