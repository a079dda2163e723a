"""Merging: pure on lines, decided on the page, and Git and Werkstatt taking turns without loss."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from learn.core.access import Actor
from learn.courses import export
from learn.workshop import copies, merging, resolving, saving
from tests.client import CheckingClient, sign_in
from tests.courses.folders import FIRST, SECOND, Shelf, change, codes, small
from tests.factories import make_person

COURSE, ONE, TWO = "kur_aaaaaaaa", "les_aaaaaaaa", "les_bbbbbbbb"
HERE = f"/werkstatt/lektionen/{ONE}/zusammenfuehren"
LINES = st.lists(st.sampled_from(["a", "b", "c", "", "- d"]), max_size=8).map("\n".join)


@settings(max_examples=80, deadline=None)
@given(base=LINES, one=LINES, two=LINES)
def test_a_merge_holds_both_changes(base: str, one: str, two: str) -> None:
    assert merging.merged(base, one, base).text == one
    assert merging.merged(base, base, two).text == two
    assert merging.merged(base, one, one).text == one
    found = merging.merged(base, one, two)
    assert found.clean == (not merging.unmerged(found.text))
    left = [line for line in found.text.split("\n") if line not in merging.MARKERS]
    fresh = set(one.split("\n")) - set(base.split("\n"))
    assert fresh <= set(left)


def test_changes_of_different_lines_need_no_decision() -> None:
    base = "eins\n\nzwei\n\ndrei\n"
    here, theirs = base.replace("eins", "EINS"), base.replace("drei", "DREI")
    assert merging.merged(base, here, theirs) == merging.Merged("EINS\n\nzwei\n\nDREI\n", clean=True)
    found = merging.merged(base, base.replace("zwei", "hier"), base.replace("zwei", "dort"))
    assert found.text.split("\n")[2:7] == [merging.HERE, "hier", merging.MIDDLE, "dort", merging.THERE]
    assert merging.unmerged(found.text) == 3


def author(db: Session) -> Actor:
    person = make_person(db, name="Jana Hellweg", roles=["trainer"])
    return Actor(person.id, person.name, roles=frozenset({"trainer"}))


def edit(db: Session, who: Actor, key: str, old: str, new: str) -> None:
    db.expire_all()
    text = copies.text(db, key)
    assert text is not None
    assert old in text.text
    saving.save(db, who, key, text.text.replace(old, new), base_revision=text.revision)


def release(db: Session, shelf: Shelf) -> None:
    db.expire_all()
    report = shelf.drafts(copies.draft(db, shelf.storage, COURSE))
    assert report.published, report.findings
    saving.published(db, COURSE, report.courses[0].release or 0)


def clashing(db: Session, shelf: Shelf, folder: Path, here: str = "Kein Satz") -> None:
    """The first lesson changed here and in Git."""
    course = small(folder)
    assert shelf.publish(course).published
    edit(db, author(db), ONE, "Ein Satz", here)
    change(course / FIRST, "Ein Satz", "Mancher Satz")
    change(course / FIRST, "Schreiben Sie eine Liste.", "Schreiben Sie zwei Listen.")
    assert shelf.publish(course).published
    db.expire_all()


def test_the_page_shows_both_sides_and_stores_one_text(
    db: Session, shelf: Shelf, tmp_path: Path, client: CheckingClient
) -> None:
    clashing(db, shelf, tmp_path)
    sign_in(client, make_person(db, roles=["trainer"]))
    assert f'href="{HERE}"' in client.get(f"/werkstatt/lektionen/{ONE}").text
    assert "zusammenfuehren" not in client.get(f"/werkstatt/lektionen/{TWO}").text
    outline = client.get(f"/werkstatt/kurse/{COURSE}").text
    assert "auch im veröffentlichten Kurs anders geworden" in outline
    assert outline.count("</svg> zusammenführen</span>") == 1
    shown = client.get(HERE)
    assert shown.status_code == 200
    assert "Mancher " in shown.text
    assert "zwei Listen." in shown.text
    assert "Kein " in shown.text
    clash = resolving.clash(db, ONE)
    assert clash is not None
    seen = {"base_revision": str(clash.revision), "version": str(clash.release)}
    proposed = resolving.proposal(clash)
    refused = client.submit(HERE, {**seen, "body": proposed})
    assert refused.status_code == 422
    assert "stehen noch beide Texte" in refused.text
    lines = proposed.split("\n")
    start, end = lines.index(merging.HERE), lines.index(merging.THERE)
    lines[start : end + 1] = ["Ein gemeinsamer Satz über den [Takt](../glossar.md#takt)."]
    late = client.submit(HERE, {**seen, "version": "1", "body": "\r\n".join(lines)})
    assert late.status_code == 409
    assert "Ein gemeinsamer Satz" in late.text
    stored = client.submit(HERE, {**seen, "body": "\r\n".join(lines)})
    assert (stored.status_code, stored.headers["Location"]) == (303, f"/werkstatt/lektionen/{ONE}")
    assert "Nichts zusammenzuführen" in client.get(HERE).text
    assert client.submit(HERE, {**seen, "body": "x"}).status_code == 303
    db.expire_all()
    assert copies.clashes(db, COURSE) == ()
    release(db, shelf)
    text = copies.text(db, ONE)
    assert text is not None
    assert "Ein gemeinsamer Satz" in text.text
    assert "zwei Listen" in text.text
    assert not text.changed


def test_either_side_may_be_taken_whole(
    db: Session, shelf: Shelf, tmp_path: Path, client: CheckingClient
) -> None:
    clashing(db, shelf, tmp_path)
    sign_in(client, make_person(db, roles=["trainer"]))
    for press, there in (("werkstatt", False), ("git", True)):
        with db.begin_nested() as before:
            clash = resolving.clash(db, ONE)
            assert clash is not None
            who = author(db)
            kept = {"werkstatt": clash.here, "git": clash.theirs}[press]
            resolving.decide(
                db, who, ONE, kept, path=clash.here_path, revision=clash.revision, release=clash.release
            )
            text = copies.text(db, ONE)
            assert text is not None
            assert ("Mancher" in text.text) is there
            assert text.changed is not there
            before.rollback()
    clash = resolving.clash(db, ONE)
    assert clash is not None
    seen = {"base_revision": str(clash.revision), "version": str(clash.release), "press": "git"}
    assert client.submit(HERE, {**seen, "body": ""}).status_code == 303
    db.expire_all()
    assert not copies.copy(db, COURSE).changed  # type: ignore[union-attr] # it is published


def test_a_text_removed_on_one_side_is_kept_or_goes(
    db: Session, shelf: Shelf, tmp_path: Path, client: CheckingClient
) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    who = author(db)
    edit(db, who, TWO, "Noch ein", "Kein")
    (course / SECOND).unlink()
    change(course / FIRST, "[zwei](02-zwei.md#das-zweite)", "zwei")
    assert shelf.publish(course).published
    db.expire_all()
    sign_in(client, make_person(db, roles=["trainer"]))
    page = f"/werkstatt/lektionen/{TWO}/zusammenfuehren"
    assert "Entfernen wie in Git" in client.get(page).text
    clash = resolving.clash(db, TWO)
    assert clash is not None
    seen = {"base_revision": str(clash.revision), "version": str(clash.release)}
    with db.begin_nested() as before:
        kept = {"path": clash.here_path, "revision": clash.revision, "release": clash.release}
        resolving.decide(db, who, TWO, clash.here, **kept)  # type: ignore[arg-type]
        found = copies.text(db, TWO)
        assert found is not None
        assert (found.base_sha, copies.clashes(db, COURSE)) == ("", ())
        before.rollback()
    gone = client.submit(page, {**seen, "press": "git", "body": "x"})
    assert (gone.status_code, gone.headers["Location"]) == (303, f"/werkstatt/kurse/{COURSE}")
    db.expire_all()
    assert copies.text(db, TWO) is None


def test_git_and_werkstatt_take_turns(db: Session, shelf: Shelf, tmp_path: Path) -> None:
    """Folder, Werkstatt, export, folder again: K308 and K309 keep either side from undoing the other."""
    course = small(tmp_path / "inhalt")
    assert shelf.publish(course).published
    who = author(db)
    for turn in range(3):
        edit(db, who, ONE, "Ein Satz", f"Ein Satz, {turn}. Mal hier,")
        edit(db, who, TWO, "anderen Worten", f"anderen Worten {turn}")
        release(db, shelf)
        assert overtaken(shelf, course) == {(FIRST, "K308"), (SECOND, "K308")}
        before = (course / SECOND).read_text()
        change(course / SECOND, "Noch ein Satz", "Ganz anders")
        assert overtaken(shelf, course) == {(FIRST, "K308"), (SECOND, "K309")}
        (course / SECOND).write_text(before)
        assert len(export.export(db, shelf.storage, "kleiner-kurs", course.parent)) == 2
        assert shelf.publish(course).unchanged
        change(course / FIRST, "Schreiben Sie", f"Dort {turn}: Schreiben Sie")
        assert shelf.publish(course).published
    text = (course / FIRST).read_text()
    assert all(f"{turn}. Mal hier" in text and f"Dort {turn}" in text for turn in range(3))
    assert "Worten 2 1 0" in (course / SECOND).read_text()


def overtaken(shelf: Shelf, course: Path) -> set[tuple[str, str]]:
    report = shelf.publish(course)
    assert not report.published
    return {(file, code) for code, file, _line in codes(report)}
