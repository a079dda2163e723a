"""From the finished tree to what is stored: parts, terms, words, canonical form."""

from learn.markup.canonical import canonical, words
from learn.markup.context import Context
from learn.markup.extensions import footnotes
from learn.markup.extensions.exercise import exercise
from learn.markup.extensions.headings import LEVELS, unique_slug
from learn.markup.extensions.plan import PlanReader
from learn.markup.extensions.quiz import questions
from learn.markup.model import Heading, Html, Part, Plan, Quiz, Quote, Rendered, Term
from learn.markup.output import Writer
from learn.markup.tree import Node, items, plain

_DATA = {"quiz": "Kurz geprüft", "aufgabe": "Aufgabe", "fahrplan": "Fahrplan"}
TEST = "abschluss"


class Document:
    """Cuts one tree into parts."""

    def __init__(self, root: Node, context: Context, writer: Writer) -> None:
        self.root = root
        self.context = context
        self.writer = writer
        self.parts: list[Part] = []
        self.html: list[str | Node] = []

    def rendered(self) -> Rendered:
        context = self.context
        notes = footnotes.used([self.root], context)
        form = canonical(self.root) + [canonical(note) for note in notes]
        text = "\n".join(filter(None, (words(self.root), *(words(note) for note in notes))))
        terms = self._terms()
        if context.kind == "fragen":
            self._test()
        else:
            self._parts(notes)
        return Rendered(
            parts=tuple(self.parts),
            faults=tuple(sorted(context.faults, key=lambda fault: (fault.line, fault.code))),
            headings=tuple(sorted(context.headings, key=lambda heading: heading.line)),
            title=context.found_title,
            terms=terms,
            text=text,
            canonical=form,
            pictures=tuple(context.pictures),
            mentions=tuple(context.mentions),
        )

    def _parts(self, notes: list[Node]) -> None:
        for item in items(self.root):
            if isinstance(item, Node) and item.tag in _DATA:
                heading, slug = self._heading(item)
                self._flush()
                self.parts.append(self._section(item, heading, slug))
            elif isinstance(item, Node) and item.tag == "zitat":
                self._flush()
                self.parts.append(self._quote(item))
            elif isinstance(item, str) or item.tag != "begriff":
                self.html.append(item)
        if notes and self.context.kind != "glossar":
            self.html.append(footnotes.section(notes))
        self._flush()

    def _flush(self) -> None:
        found = self.writer.html(self.html) if self.html else ""
        if found:
            self.parts.append(Html(found))
        self.html = []

    def _quote(self, node: Node) -> Quote:
        post, revision = int(node.get("beitrag") or 0), int(node.get("fassung") or 0)
        return Quote(self.writer.inner(node), post, revision, words(node))

    def _heading(self, section: Node) -> tuple[str, str]:
        """The heading directly before, which then stands in the section's place, or the usual word."""
        while self.html and isinstance(self.html[-1], str) and not self.html[-1].strip():
            self.html.pop()
        last = self.html[-1] if self.html else None
        if isinstance(last, Node) and last.tag in LEVELS:
            self.html.pop()
            return plain(last), (last.get("id") or "").removeprefix("s-")
        text = _DATA[section.tag]
        slug = unique_slug(self.context, text)
        self.context.headings.append(Heading(2, slug, text, section.line))
        return text, slug

    def _section(self, node: Node, heading: str, slug: str) -> Part:
        name = node.get("id") or ""
        if node.tag == "quiz":
            return Quiz(name, heading, slug, questions(node, self.context, self.writer), node.line)
        if node.tag == "aufgabe":
            return exercise(node, heading, slug, self.writer)
        parts = PlanReader(self.context, self.writer).read(node)
        return Plan(name, heading, slug, parts, node.line)

    def _test(self) -> None:
        """The questions of an Abschlusstest are one quiz."""
        heading = self.context.title or self.context.found_title or "Abschlusstest"
        found = questions(self.root, self.context, self.writer)
        self.parts.append(Quiz(TEST, heading, TEST, found, self.root.line))

    def _terms(self) -> tuple[Term, ...]:
        found: list[Term] = []
        for entry in self.context.entries:
            content = items(entry.place)
            notes = footnotes.used([entry.place], self.context)
            if notes:
                content.append(footnotes.section(notes))
            html = self.writer.html(content)
            found.append(Term(entry.slug, entry.title, entry.also, html, entry.line))
        return tuple(found)
