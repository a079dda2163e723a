"""`learn content import-foreign`, and what the other commands say of foreign folders."""

from pathlib import Path

from tests.cli.conftest import Learn
from tests.courses.foreign.material import WORKSHOP, write


def test_a_foreign_course_is_not_published_but_imported(learn: Learn, tmp_path: Path) -> None:
    source = write(tmp_path / "sensoren", WORKSHOP)
    refused = learn("content", "publish", str(source))
    assert (refused.code, refused.out.splitlines()[0]) == (
        1,
        "K112 1-mal, zuerst kurs.md:1: Legen Sie kurs.md an.",
    )
    said = learn("content", "import-foreign", str(source), str(tmp_path / "out"))
    assert said.code == 0
    assert said.out.startswith("sensoren: 4 Lektionen in 2 Modulen, 1 Bild.\n8 Dateien geschrieben.\n")
    assert "sensoren/kurs.md: Bitte ergänzen Sie „ergebnis“." in said.out
    again = learn("content", "import-foreign", str(source), str(tmp_path / "out"))
    assert (again.code, again.out, again.err) == (0, "Nichts zu tun.\n", "")
    inside = learn("content", "import-foreign", str(source), str(source / "out"))
    assert (inside.code, inside.err) == (1, "Nennen Sie als Ziel einen Ordner außerhalb der Quelle.\n")
