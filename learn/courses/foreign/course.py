"""One foreign course on its way into OUT: lessons, pictures, modul.md and kurs.md, with all faults."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

from learn.courses.foreign import drafting, identities, order, placing, sorting, titles, writing
from learn.courses.foreign.drafting import Glance
from learn.courses.foreign.identities import Entry, Known, Record, Texts
from learn.courses.foreign.kinds import Course, text
from learn.courses.foreign.leading import Atlas
from learn.courses.foreign.placing import Place
from learn.courses.foreign.reading import printable
from learn.courses.foreign.writing import Writer, Written
from learn.courses.parse import COURSE_RESERVED
from learn.courses.pictures import LIMIT
from learn.markup.model import Fault

SUMMARY = "Noch nicht beschrieben."
BRANCH = re.compile(r"-(?:main|master|gh-pages|develop|[0-9a-f]{40})$")


class Work:
    """What is known of a course before anything is written, and then the writing of it."""

    def __init__(self, course: Course, prefix: str) -> None:
        self.course, self.prefix = course, prefix
        self.faults: list[tuple[str, Fault]] = []
        self.glances: dict[str, Glance] = {}
        chosen, others = sorting.parted(course)
        self.lessons = [path for path in chosen if self._glance(path)]
        gone = set(chosen) - set(self.lessons)
        self.faults += [(path, Fault("K603", 1)) for path in sorted({*others, *gone})]
        self.places: list[Place] = []
        self.known = Known("", "")
        self.drafts: dict[str, tuple[str, tuple[int, ...]]] = {}
        self.open: tuple[str, ...] = ()

    def _glance(self, path: str) -> bool:
        """Whether a file is a lesson: text, of a bearable size, and more than the head of a section."""
        found = drafting.glance(self.course, path)
        if found is None:
            large = self.course.source.sizes[path] > drafting.LARGEST
            values = {"was": "Die Datei", "grenze": "256 KB"}
            self.faults.append((path, Fault("K108", 1, values) if large else Fault("K101", 1)))
            return False
        self.glances[path] = found
        if self.course.source.sizes[path] > drafting.TEXT_LIMIT:
            self.faults.append((path, Fault("K108", 1, {"was": "Die Datei", "grenze": "256 KB"})))
        return not (found.empty and order.is_index(path))

    @cached_property
    def title(self) -> str:
        """What the course is called."""
        said = titles.words(self.course.config.get("title"))
        readme = next((path for path in self.course.markdown if path.lower() == "readme.md"), "")
        words = drafting.glance(self.course, readme) if readme and not said else None
        return (
            said or (words.title if words else "") or titles.spoken(BRANCH.sub("", self.course.source.name))
        )

    def run(self, record: Record, written: Written, step: Callable[[int], object]) -> None:
        """Write everything that is new."""
        self.known = self._known(record)
        folder = record.folder / self.known.slug
        taken = record.ids()
        matched = identities.match(self.known.of("lektion"), self._shas(), _Compared(self.course, folder))
        modules = order.modules(self.course, self.lessons, {p: g.front for p, g in self.glances.items()})
        named = [(module, self._module_title(module)) for module in modules]
        self.places = placing.places(self.known, folder, named, matched, self.glances, taken)
        self._mark_gone(written)
        record.save()
        writer = Writer(record, self.known, written)
        values = self._lessons(writer, step)
        for place in self.places:
            head = {"id": place.entry.id, "titel": writing.quoted(place.title)}
            writer.put(place.entry, writing.text(head, ""))
        self._sheet(writer, values, taken)

    def _known(self, record: Record) -> Known:
        """The course as an earlier import left it: of the same name, else with most of its files the same."""
        name = self.course.source.name
        same = next((course for course in record.courses if course.name == name), None)
        shas = set(self._shas().values())
        for course in record.courses if same is None else ():
            kept = [entry for entry in course.entries if entry.sha in shas and entry.sha]
            if 2 * len(kept) >= len(shas):
                same = course
        if same is None:
            slugs = {course.slug for course in record.courses} | COURSE_RESERVED | {"bilder"}
            if record.folder.is_dir():
                slugs |= {path.name for path in record.folder.iterdir()}
            slug = titles.slug(BRANCH.sub("", name), self.title, slugs, numbered=False)
            same = Known(slug, name)
            record.courses.append(same)
        same.name = name
        return same

    def _shas(self) -> dict[str, str]:
        return {path: self.glances[path].sha for path in self.lessons}

    def _module_title(self, module: order.Module) -> str:
        for path, found in self.glances.items() if module.folder else ():
            if order.is_index(path) and path.rpartition("/")[0] == module.folder and found.title:
                return found.title
        own = not module.folder or module.folder == "episodes"
        return self.title if own else titles.spoken(module.folder.rpartition("/")[2])

    def _mark_gone(self, written: Written) -> None:
        here = {id(entry) for place in self.places for entry in place.lessons.values()}
        for entry in self.known.of("lektion").values():
            gone = id(entry) not in here
            if gone and not entry.gone:
                written.gone.append(f"{self.known.slug}/{entry.path}")
            entry.gone = gone

    def _lessons(self, writer: Writer, step: Callable[[int], object]) -> dict[str, str]:
        """Write lessons and pictures; the local values they use."""
        drafts = {path: entry.path for place in self.places for path, entry in place.lessons.items()}
        pictures = {key: entry.path.rpartition("/")[2] for key, entry in self.known.of("bild").items()}
        slugs = lru_cache(None)(lambda path: drafting.fragments(self.course, path))
        atlas = Atlas(self.course, drafts, slugs, pictures)
        values: dict[str, str] = {}
        required = any(place.module.folder == "episodes" for place in self.places)
        for place in self.places:
            optional = self.course.kind == "carpentries" and required and place.module.folder != "episodes"
            for path, entry in place.lessons.items():
                self._lesson(writer, atlas, path, entry, values, optional=optional)
                self._pictures(writer, atlas)
                step(1)
        return values

    def _lesson(
        self, writer: Writer, atlas: Atlas, path: str, entry: Entry, values: dict[str, str], *, optional: bool
    ) -> None:
        name = titles.spoken(titles.own_name(path))
        found = drafting.draft(atlas, path, name, optional=optional)
        values |= found.values
        data = found.data(entry.id)
        writer.put(entry, data)
        entry.sha = self.glances[path].sha
        self.faults += [(path, fault) for fault in found.faults]
        head = data.count(b"\n") - found.body.strip("\n").count("\n") - 1
        blank = len(found.body) - len(found.body.lstrip("\n"))
        lines = (1,) * head + found.lines[blank:]
        self.drafts[f"{self.known.slug}/{entry.path}"] = (f"{self.prefix}{path}", lines)

    def _pictures(self, writer: Writer, atlas: Atlas) -> None:
        """Write the pictures that have been asked for since."""
        before = self.known.of("bild")
        for path, name in atlas.wanted.items():
            if self.course.source.sizes[path] > LIMIT:
                self.faults.append((path, Fault("K108", 1, {"was": "Das Bild", "grenze": "5 MB"})))
            self._picture(writer, before.get(path), path, name, self.course.source.read(path))
        for name, data in atlas.inline.items():
            self._picture(writer, before.get(f"data:{name}"), f"data:{name}", name, data)
        atlas.wanted.clear()
        atlas.inline.clear()

    def _picture(self, writer: Writer, entry: Entry | None, key: str, name: str, data: bytes) -> None:
        if entry is None:
            entry = Entry("bild", key, f"bilder/{name}")
            self.known.entries.append(entry)
        writer.put(entry, data)
        if not key.startswith("data:"):
            self.drafts[f"{self.known.slug}/{entry.path}"] = (f"{self.prefix}{key}", (1,))

    def _sheet(self, writer: Writer, values: Mapping[str, str], taken: set[str]) -> None:
        """Write kurs.md; what the material does not say stays open."""
        entry = self.known.of("kurs").get("")
        if entry is None:
            entry = Entry("kurs", "", "kurs.md", identities.fresh("kurs", taken))
            self.known.entries.append(entry)
            writer.record.save()
        summary = titles.words(self.course.config.get("description"), 200)
        licence = titles.licence(self._licences())
        sample = " ".join(glance.sample for glance in list(self.glances.values())[:12])[:20_000]
        head: dict[str, str | Sequence[str] | Mapping[str, str]] = {
            "id": entry.id,
            "titel": writing.quoted(self.title),
            "ergebnis": writing.quoted(summary or SUMMARY),
            "lizenz": licence,
            "sprache": titles.language(self.course.config, sample),
            "quelle": writing.quoted((self.course.repository or printable(self.course.source.name))[:200]),
            "werte": dict(sorted(values.items())),
        }
        self.open = tuple(
            key for key, said in (("ergebnis", summary), ("lizenz", licence != "geschuetzt")) if not said
        )
        writer.put(entry, writing.text(head, ""))

    def _licences(self) -> str:
        """The texts that say what others may do with the material."""
        names = ("LICENSE", "LICENCE", "COPYING")
        files = [
            path for path in self.course.source.sizes if "/" not in path and path.upper().startswith(names)
        ]
        return "\n".join(
            [*(text(self.course.source, path) for path in files), str(self.course.config.get("license"))]
        )


class _Compared(Texts):
    """Words of sources and of the drafts that earlier imports left."""

    def __init__(self, course: Course, folder: Path) -> None:
        self.course, self.folder = course, folder

    def source(self, path: str) -> str:
        return text(self.course.source, path)

    def draft(self, entry: Entry) -> str:
        try:
            return (self.folder / entry.path).read_text("utf-8", "replace")
        except OSError:
            return ""
