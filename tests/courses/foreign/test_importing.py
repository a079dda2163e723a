"""Courses of other formats become drafts, in order, whole, and again without a change."""

from pathlib import Path

import pytest

from learn.core.access import Refused
from learn.courses import publish
from learn.courses.foreign import importing
from tests.courses.folders import small
from tests.courses.foreign.material import (
    LESSONS,
    SITE,
    WORKSHOP,
    drafts,
    identity,
    lesson,
    run,
    state,
    write,
)

PLAIN = {
    "a/eins.md": "# Eins\n\nEin Text über das Wetter von gestern und heute.\n",
    "a/zwei.md": "# Zwei\n\nNoch einer.\n",
}


def codes(outcome: importing.Outcome) -> list[tuple[str, str, int]]:
    return [(found.code, found.file, found.line) for found in outcome.findings]


def test_a_lesson_of_the_carpentries_keeps_the_order_of_its_settings(tmp_path: Path) -> None:
    outcome = run(write(tmp_path / "sensoren", WORKSHOP), tmp_path / "out")
    assert drafts(tmp_path / "out") == [
        "sensoren/01-episodes/01-index.md",
        "sensoren/01-episodes/02-zweites.md",
        "sensoren/01-episodes/03-erstes.md",
        "sensoren/01-episodes/modul.md",
        "sensoren/02-learners/01-setup.md",
        "sensoren/02-learners/modul.md",
        "sensoren/bilder/kasten.svg",
        "sensoren/kurs.md",
    ]
    sheet = (tmp_path / "out/sensoren/kurs.md").read_text()
    assert 'titel: "Sensoren bauen"' in sheet
    assert "lizenz: CC-BY-4.0" in sheet
    assert 'quelle: "https://github.com/example/sensoren"' in sheet
    first = lesson(tmp_path / "out", "erstes").read_text()
    assert "dauer: 15min" in first
    assert "Messen können" in first
    assert "[das zweite](02-zweites.md#im-freien)" in first
    assert "[Daten](https://github.com/example/sensoren/blob/HEAD/data/luft.csv)" in first
    assert "![Ein Kasten](../bilder/kasten.svg)" in first
    assert "pflicht: nein" in lesson(tmp_path / "out", "setup").read_text()
    assert {("K603", "LICENSE.md", 1), ("K603", "README.md", 1)} <= set(codes(outcome))


def test_targets_that_lessons_of_the_carpentries_share(tmp_path: Path) -> None:
    shared = (
        "[Luft]: https://example.org/luft\n[wind]: https://example.org/wind\n[x]: https://example.org/x\n"
    )
    text = "# Drei\n\n[Luft], [der Wind][WIND], [x].\n\n[x]: https://example.org/eigen\n"
    files = {**WORKSHOP, "links.md": shared, "episodes/drittes.md": text}
    run(write(tmp_path / "kurs", files), tmp_path / "out")
    found = lesson(tmp_path / "out", "drittes").read_text()
    assert found.endswith("eigen\n\n[Luft]: https://example.org/luft\n[wind]: https://example.org/wind\n")


def test_a_site_keeps_sections_and_weights(tmp_path: Path) -> None:
    outcome = run(write(tmp_path / "wege", SITE), tmp_path / "out")
    assert drafts(tmp_path / "out") == [
        "wege/01-anfang/01-eins.md",
        "wege/01-anfang/modul.md",
        "wege/02-basis/01-basis.md",
        "wege/02-basis/02-b.md",
        "wege/02-basis/03-a.md",
        "wege/02-basis/modul.md",
        "wege/bilder/kasten.svg",
        "wege/kurs.md",
    ]
    assert 'titel: "Grundlagen"' in (tmp_path / "out/wege/02-basis/modul.md").read_text()
    assert "![Kasten](../bilder/kasten.svg)" in lesson(tmp_path / "out", "b").read_text()
    assert "[b](02-b.md)" in lesson(tmp_path / "out", "a").read_text()
    named = [file for code, file, _ in codes(outcome) if code == "K603"]
    assert named == ["content/_index.md", "content/anfang/_index.md", "themes/fremd/README.md"]


def test_a_course_of_readmes_names_its_translations(tmp_path: Path) -> None:
    outcome = run(write(tmp_path / "lehrgang", LESSONS), tmp_path / "out")
    assert [path for path in drafts(tmp_path / "out") if path.endswith(".md")] == [
        "lehrgang/01-start/01-start.md",
        "lehrgang/01-start/02-eins.md",
        "lehrgang/01-start/03-assignment.md",
        "lehrgang/01-start/04-zwei.md",
        "lehrgang/01-start/modul.md",
        "lehrgang/02-mehr/01-neun.md",
        "lehrgang/02-mehr/02-zehn.md",
        "lehrgang/02-mehr/modul.md",
        "lehrgang/kurs.md",
    ]
    assert "[eins](02-eins.md)" in lesson(tmp_path / "out", "zwei").read_text()
    assert "lizenz: geschuetzt" in (tmp_path / "out/lehrgang/kurs.md").read_text()
    named = [file for code, file, _ in codes(outcome) if code == "K603"]
    assert named == [
        "1-start/lessons/1-eins/translations/README.fr.md",
        "2-mehr/lessons/9-neun/README.fr.md",
        "CODE_OF_CONDUCT.md",
        "README.md",
    ]


@pytest.mark.parametrize("material", [WORKSHOP, SITE])
def test_what_was_imported_has_no_errors(tmp_path: Path, material: dict[str, str]) -> None:
    run(write(tmp_path / "kurs", material), tmp_path / "out")
    report = publish.examine(None, tmp_path / "out")
    assert [found for found in report.findings if found.severity == "error"] == []


def test_several_courses_side_by_side_are_several(tmp_path: Path) -> None:
    write(tmp_path / "in/eins", WORKSHOP)
    write(tmp_path / "in/zwei", SITE)
    write(tmp_path / "in", {"README.md": "# Kurse\n"})
    outcome = run(tmp_path / "in", tmp_path / "out")
    assert [course.slug for course in outcome.courses] == ["eins", "zwei"]
    assert ("K603", "README.md", 1) in codes(outcome)


@pytest.mark.parametrize("material", [WORKSHOP, SITE, LESSONS])
def test_importing_again_changes_nothing(tmp_path: Path, material: dict[str, str]) -> None:
    source = write(tmp_path / "kurs", material)
    run(source, tmp_path / "out")
    before = state(tmp_path / "out")
    assert run(source, tmp_path / "out").written.nothing
    assert state(tmp_path / "out") == before


def test_renamed_and_moved_files_keep_their_ids(tmp_path: Path) -> None:
    source = write(tmp_path / "kurs", PLAIN)
    run(source, tmp_path / "out")
    ids = {name: identity(lesson(tmp_path / "out", name)) for name in ("eins", "zwei")}
    (source / "b").mkdir()
    (source / "a/eins.md").rename(source / "b/wetter.md")
    outcome = run(source, tmp_path / "out")
    assert outcome.written.gone == []
    found = {identity(path) for path in (tmp_path / "out").rglob("[0-9]*-*.md")}
    assert found == set(ids.values())


def test_a_renamed_folder_stays_the_same_module(tmp_path: Path) -> None:
    source = write(tmp_path / "kurs", PLAIN)
    run(source, tmp_path / "out")
    before = {path.name: identity(path) for path in (tmp_path / "out").rglob("modul.md")}
    (source / "a").rename(source / "wetterkunde")
    run(source, tmp_path / "out")
    assert {path.name: identity(path) for path in (tmp_path / "out").rglob("modul.md")} == before
    assert run(source, tmp_path / "out").written.nothing


def test_a_renamed_and_edited_file_keeps_its_id(tmp_path: Path) -> None:
    source = write(tmp_path / "kurs", PLAIN)
    run(source, tmp_path / "out")
    old = identity(lesson(tmp_path / "out", "eins"))
    (source / "a/eins.md").unlink()
    write(source, {"a/wetter.md": PLAIN["a/eins.md"] + "\nUnd morgen.\n"})
    run(source, tmp_path / "out")
    assert identity(lesson(tmp_path / "out", "eins")) == old
    assert "Und morgen." in lesson(tmp_path / "out", "eins").read_text()


def test_a_new_file_between_others_moves_their_drafts(tmp_path: Path) -> None:
    source = write(
        tmp_path / "kurs", {"01-a.md": "# A\n\nText a.\n", "03-c.md": "# C\n\nText [a](01-a.md).\n"}
    )
    run(source, tmp_path / "out")
    old = identity(lesson(tmp_path / "out", "c"))
    write(source, {"02-b.md": "# B\n\nText b.\n"})
    outcome = run(source, tmp_path / "out")
    assert outcome.written.moved == [("kurs/01-kurs/02-c.md", "kurs/01-kurs/03-c.md")]
    assert identity(tmp_path / "out/kurs/01-kurs/03-c.md") == old


def test_a_changed_source_changes_its_draft_unless_an_author_has(tmp_path: Path) -> None:
    source = write(tmp_path / "kurs", PLAIN)
    run(source, tmp_path / "out")
    mine = lesson(tmp_path / "out", "zwei")
    mine.write_text(mine.read_text() + "\nVon mir.\n")
    for name in ("eins", "zwei"):
        path = source / f"a/{name}.md"
        path.write_text(path.read_text() + "\nEin neuer Satz.\n")
    outcome = run(source, tmp_path / "out")
    assert outcome.written.changed == ["kurs/01-kurs/01-eins.md"]
    assert outcome.written.beside == [("kurs/01-kurs/02-zwei.md", "kurs/01-kurs/.02-zwei.neu.md")]
    assert "Ein neuer Satz." in lesson(tmp_path / "out", "eins").read_text()
    assert mine.read_text().endswith("Von mir.\n")
    assert "Ein neuer Satz." in (mine.parent / ".02-zwei.neu.md").read_text()
    assert run(source, tmp_path / "out").written.nothing


def test_a_source_that_is_gone_leaves_its_draft(tmp_path: Path) -> None:
    source = write(tmp_path / "kurs", PLAIN)
    run(source, tmp_path / "out")
    (source / "a/eins.md").unlink()
    outcome = run(source, tmp_path / "out")
    assert outcome.written.gone == ["kurs/01-kurs/01-eins.md"]
    assert lesson(tmp_path / "out", "eins").exists()
    assert run(source, tmp_path / "out").written.nothing


def test_a_draft_thrown_away_stays_away(tmp_path: Path) -> None:
    source = write(tmp_path / "kurs", PLAIN)
    run(source, tmp_path / "out")
    lesson(tmp_path / "out", "eins").unlink()
    assert run(source, tmp_path / "out").written.nothing
    assert not (tmp_path / "out/kurs/01-kurs/01-eins.md").exists()


def test_other_folders_are_no_place_for_drafts(tmp_path: Path) -> None:
    source = write(tmp_path / "kurs", PLAIN)
    write(tmp_path / "voll", {"brief.txt": "Lieber Herr"})
    write(tmp_path / "kaputt", {".herkunft.json": "{"})
    for out, words in (
        (tmp_path / "voll", "nicht leer"),
        (tmp_path / "kaputt", "beschädigt"),
        (source / "out", "außerhalb"),
        (tmp_path / "voll/brief.txt", "kein Ordner"),
    ):
        with pytest.raises(Refused, match=words):
            run(source, out)


def test_a_course_in_our_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="schon ein Kurs"):
        run(small(tmp_path), tmp_path / "out")


def test_a_folder_without_lessons_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="keine Lektion"):
        run(write(tmp_path / "leer", {"bild.svg": "<svg/>"}), tmp_path / "out")
    assert not (tmp_path / "out").exists()
