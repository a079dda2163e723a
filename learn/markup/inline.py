"""Inline parsing: one pass over each text with the registered patterns, links and emphasis."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from learn.markup import linkify, links
from learn.markup.context import Context
from learn.markup.emphasis import Token, build, run_at
from learn.markup.limits import BRACKETS, LINE, TEXT
from learn.markup.patterns import NOTHING, Found, GfmPattern
from learn.markup.tree import Node, fill, make, walk

_RUN = re.compile(r"\*+|_+|~+")
_BRACKETS = re.compile(rf"(?:!?\[){{{BRACKETS + 1},}}")


@dataclass(slots=True)
class Bracket:
    """An open `[` or `![`: where its token stands, where its text begins, whether another follows.

    `note`: `^[`, a footnote in place; only markdown-it knows it.
    """

    token: int
    pos: int
    image: bool
    number: int
    line: int
    note: bool = False
    nested: bool = False


@dataclass(slots=True)
class Scan:
    """The state of one text."""

    data: str
    line: int
    tokens: list[Token] = field(default_factory=list)
    brackets: list[Bracket] = field(default_factory=list)
    inactive: int = 0  # brackets with a number below this open no link: a link stands inside them
    opened: int = 0
    text_from: int = 0
    seen: int = 0
    seen_line: int = 0

    def line_at(self, pos: int) -> int:
        self.seen_line += self.data.count("\n", self.seen, pos)
        self.seen = max(self.seen, pos)
        return self.line + self.seen_line

    def text(self, end: int) -> None:
        """What was passed over up to `end` is text; blanks before a line end vanish."""
        if end > self.text_from:
            words = self.data[self.text_from : end]
            if self.data.startswith("\n", end):
                words = words.rstrip(" \t")
            if words:
                self.tokens.append(words)
        self.text_from = end


class Inline(Treeprocessor):
    """Takes the place of Python-Markdown's inline processor; runs the patterns in md.inlinePatterns."""

    def __init__(self, patterns: list[GfmPattern], context: Context) -> None:
        super().__init__()
        self.context = context
        self.patterns = patterns
        self.by_start: dict[str, list[GfmPattern]] = {}
        for pattern in patterns:
            for char in pattern.starts:
                self.by_start.setdefault(char, []).append(pattern)
        lone = "".join(char for char in self.by_start if char not in "hHfFwW")
        self.linkify = not context.ours
        self.longest = LINE if context.ours else TEXT["gfm"]
        self.special = re.compile(rf"[*_~\[\]{re.escape(lone)}]|!\[|(?i:https?://|ftp://|www\.)", re.DOTALL)

    def run(self, root: Element) -> None:
        for node in list(walk(root)):
            if node.source is not None and node.tag not in {"pre", "raw"}:
                source, node.source = node.source, None
                fill(node, self.parse(source, node.line))

    def parse(self, data: str, line: int) -> list[str | Node]:
        """The content of one leaf block."""
        finish = linkify.linked if self.linkify and linkify.rules().likely(data) else None
        if not self.special.search(data):
            return finish([data]) if finish else [data]
        if len(data) > self.longest and max(map(len, data.split("\n"))) > self.longest:
            self.context.fault("K601", line, ausschnitt=f"{data[:30]}…")
            return [AtomicString(data)]
        scan = Scan(data, line)
        for pattern in self.patterns:
            pattern.begin(data, line)
        pos, size = 0, len(data)
        while pos < size:
            found = self.special.search(data, pos)
            if not found:
                break
            pos = self._step(scan, found)
        scan.text(size)
        if self.linkify:
            linkify.leave_links(scan.tokens)
        return build(scan.tokens, finish)

    def _step(self, scan: Scan, found: re.Match[str]) -> int:
        """Handles one special sign; where to go on."""
        char, start = found[0][0], found.start()
        if found[0] in {"[", "!["} and (end := self._too_many(scan, start)):
            return end
        for pattern in self.by_start.get(char, ()):
            end = self._try(scan, pattern, start)
            if end:
                return end
        if char in "*_~":
            return self._run(scan, start)
        if char == "]":
            return self._close(scan, start)
        if found[0] == "[" or (found[0] == "![" and not self._is_note(scan, start + 1)):
            return self._open(scan, found)
        return start + 1

    def _is_note(self, scan: Scan, start: int) -> bool:
        """Whether an exclamation mark is followed by the use of a footnote and no picture begins there."""
        if not scan.data.startswith("[^", start):
            return False
        found = [self._match(pattern, scan, start) for pattern in self.by_start["["]]
        return any(end and not scan.data.startswith("(", end) for node, begin, end in found)

    def _try(self, scan: Scan, pattern: GfmPattern, pos: int) -> int:
        node, start, end = self._match(pattern, scan, pos)
        if node is None or start is None or end is None or start < scan.text_from:
            return 0
        scan.text(start)
        if isinstance(node, Node):
            node.line = scan.line_at(start)
        scan.tokens.append(node)
        scan.text_from = end
        return end

    @staticmethod
    def _match(pattern: GfmPattern, scan: Scan, pos: int) -> Found:
        match = pattern.compiled_re.match(scan.data, pos)
        return pattern.handleMatch(match, scan.data) if match else NOTHING

    def _run(self, scan: Scan, start: int) -> int:
        match = _RUN.match(scan.data, start)
        assert match is not None  # a run stands here
        scan.text(start)
        scan.tokens.append(run_at(scan.data, start, match.end()))
        scan.text_from = match.end()
        return match.end()

    def _too_many(self, scan: Scan, start: int) -> int:
        """Where a flood of brackets ends; it stays text."""
        match = _BRACKETS.match(scan.data, start)
        if not match:
            return 0
        self.context.fault("K601", scan.line_at(start), ausschnitt="[[[")
        return match.end()

    def _open(self, scan: Scan, found: re.Match[str]) -> int:
        start = found.start()
        note = self.linkify and scan.text_from < start and scan.data.startswith("^[", start - 1)
        scan.text(start - note)
        scan.text_from = start
        line = scan.line_at(start)
        if scan.brackets:
            scan.brackets[-1].nested = True
        bracket = Bracket(len(scan.tokens), found.end(), found[0] == "![", scan.opened, line, note)
        scan.opened += 1
        scan.brackets.append(bracket)
        scan.tokens.append("^[" if note else found[0])
        scan.text_from = found.end()
        return found.end()

    def _close(self, scan: Scan, pos: int) -> int:
        if not scan.brackets:
            return pos + 1
        bracket = scan.brackets.pop()
        if bracket.note:
            return self._note(scan, bracket, pos + 1)
        if not bracket.image and bracket.number < scan.inactive:
            return pos + 1
        label = "" if bracket.nested or pos - bracket.pos > LINE else scan.data[bracket.pos : pos]
        found = links.after(scan.data, pos + 1, label, self.context)
        if not found:
            return pos + 1
        scan.text(pos)
        inner = build(scan.tokens[bracket.token + 1 :])
        del scan.tokens[bracket.token :]
        build_node = links.image if bracket.image else links.link
        node = build_node(found, inner, bracket.line)
        scan.tokens.append(node)
        if not bracket.image:
            scan.inactive = scan.opened
        scan.text_from = found.end
        return found.end

    @staticmethod
    def _note(scan: Scan, bracket: Bracket, end: int) -> int:
        """A footnote in place: its words go to the end of the text, which is left out of comparisons."""
        del scan.tokens[bracket.token :]
        scan.tokens.append(make("sup", [make("a", ["*"], bracket.line)], bracket.line))
        scan.text_from = end
        return end
