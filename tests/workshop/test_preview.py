"""The preview of a text is what its page will be: the same parts by the same way."""

from pathlib import Path

from sqlalchemy.orm import Session

from learn.core.access import Actor
from learn.markup.model import Exercise, Plan, Quiz
from learn.workshop.preview import Preview, preview
from tests.courses.folders import Shelf, current, example, lesson

AUTHOR = Actor(1, "Jana Hellweg", 1, "Musterstadt", frozenset({"trainer"}))


def drawn(found: Preview) -> list[object]:
    return [part for _kind, part in found.parts]


def html_and_data(parts: tuple[object, ...]) -> list[object]:
    """Parts of a lesson as templates get them."""
    return [part if isinstance(part, Quiz | Exercise | Plan) else part.html for part in parts]  # type: ignore[attr-defined]


def test_every_lesson_looks_as_on_its_page(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    folder = example(tmp_path)
    assert shelf.publish(folder).published
    release = current(db, "beispielkurs")
    seen = set[str]()
    for path in sorted(folder.glob("*/[0-9]*.md")):
        slug = path.name.removesuffix(".md").removesuffix(".einfach").partition("-")[2]
        text = lesson(db, release, slug)
        plain = path.name.endswith(".einfach.md")
        key = f"{text.lesson_id}/einfach" if plain else text.lesson_id
        shown = text.plain if plain else text
        assert shown is not None
        found = preview(db, AUTHOR, key, path.read_text())
        assert drawn(found) == html_and_data(shown.parts)
        assert found.title == shown.title
        seen.update(kind for kind, _part in found.parts)
    assert seen == {"html", "quiz", "exercise", "plan"}
