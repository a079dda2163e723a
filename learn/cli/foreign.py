"""`learn content import-foreign`: courses of other formats become drafts in ours."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import click

from learn.cli.shown import shown
from learn.courses.foreign import checking, importing
from learn.courses.foreign.importing import Imported, Outcome
from learn.courses.foreign.reading import printable
from learn.courses.report import NOTHING

SHORT = 40  # lessons that nobody needs a bar for
FILL = {"ergebnis": "ergänzen Sie „ergebnis“", "lizenz": "prüfen Sie „lizenz“"}


@click.command("import-foreign")
@click.argument("source", metavar="DIR", type=click.Path(exists=True, path_type=Path))
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
def import_foreign(source: Path, out: Path) -> None:
    """Kurse anderer Formate (Ordner oder ZIP) als Entwürfe nach OUT schreiben.

    Erkannt werden Carpentries, Hugo, Jekyll, README-Kurse, LiaScript und einfache Markdown-Ordner. Ein
    zweiter Lauf schreibt nur, was sich geändert hat; was Sie selbst geändert haben, bleibt.
    """
    if not source.is_dir() and not source.is_file():
        raise click.BadParameter(f"{source} ist weder Ordner noch ZIP.")
    with ExitStack() as stack:

        def begin(count: int) -> Callable[[int], object]:
            found: Callable[[int], object] = stack.enter_context(
                shown("Umwandeln", count if count > SHORT else 0)
            )
            return found

        outcome = importing.run(importing.opened(source), out, begin)
    for line in _lines(outcome):
        click.echo(printable(line))


def _lines(outcome: Outcome) -> Iterator[str]:
    """The report: what was written, what a person must fill in, what was found."""
    if outcome.written.nothing:
        yield NOTHING
        return
    for course in outcome.courses:
        yield _course(course)
    yield from _changes(outcome)
    for course in outcome.courses:
        if course.open:
            yield f"{course.slug}/kurs.md: Bitte {' und '.join(FILL[key] for key in course.open)}."
    yield from checking.grouped(outcome.findings)


def _course(course: Imported) -> str:
    lessons = "1 Lektion" if course.lessons == 1 else f"{course.lessons} Lektionen"
    modules = "1 Modul" if course.modules == 1 else f"{course.modules} Modulen"
    pictures = "1 Bild" if course.pictures == 1 else f"{course.pictures} Bilder"
    return f"{course.slug}: {lessons} in {modules}, {pictures}."


def _changes(outcome: Outcome) -> Iterator[str]:
    """New files as a number, all else by name."""
    written = outcome.written
    if written.new:
        yield (
            f"{len(written.new)} Dateien geschrieben." if len(written.new) > 1 else f"{written.new[0]}: neu."
        )
    for path in written.changed:
        yield f"{path}: neu geschrieben, weil sich die Quelle geändert hat."
    for old, new in written.moved:
        yield f"{old}: liegt jetzt in {new}."
    for path, beside in written.beside:
        yield f"{path}: Sie haben den Entwurf geändert, er bleibt. Der neue Text liegt in {beside}."
    for path in written.gone:
        yield f"{path}: Die Quelle gibt es nicht mehr, der Entwurf bleibt."
