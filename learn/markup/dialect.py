"""Python-Markdown with our parser, patterns and constructs: the stages a text passes."""

import re

from markdown import Markdown
from markdown.inlinepatterns import Pattern
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import Registry

from learn.markup import autolinks, linkify, patterns
from learn.markup.context import Context
from learn.markup.extensions import (
    alerts,
    checklist,
    code,
    details,
    figures,
    footnotes,
    formula,
    headings,
    links,
    marks,
    mentions,
    practice,
    quotations,
    raw,
    tables,
    tabs,
    terms,
    video,
)
from learn.markup.extensions.base import Construct
from learn.markup.inline import Inline
from learn.markup.parser import GfmParser
from learn.markup.serialise import inner_html
from learn.markup.tree import Node

_PATTERNS: tuple[type[patterns.GfmPattern], ...] = (
    patterns.CodeSpan,
    patterns.Escape,
    patterns.LineEnd,
    patterns.Entity,
    patterns.Autolink,
    patterns.InlineHtml,
    footnotes.FootnoteUse,
)
_ADDRESSES = (autolinks.BareAddress, autolinks.BareMail)
_GFM: tuple[type[Construct], ...] = (
    checklist.Checklist,
    code.CodeBlocks,
    footnotes.Footnotes,
    checklist.Tight,
)
_OURS: tuple[type[Construct], ...] = (
    raw.RawHtml,
    marks.Marks,
    headings.Headings,
    terms.Terms,
    alerts.Alerts,
    practice.Practice,
    details.Details,
    checklist.Checklist,
    figures.Figures,
    video.Video,
    tables.Tables,
    code.CodeBlocks,
    formula.Formulas,
    quotations.Quotations,
    mentions.Mentions,
    links.Links,
    footnotes.Footnotes,
    tabs.Tabs,
    checklist.Tight,
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Dialect(Markdown):
    """One text's converter; made anew for each, so that nothing is left over from another."""

    def __init__(self, context: Context) -> None:
        self.context = context
        super().__init__()
        self.serializer = inner_html

    def build_parser(self) -> "Dialect":
        context = self.context
        self.preprocessors = Registry[Preprocessor]()
        self.parser = GfmParser(self, context)
        self.inlinePatterns = Registry[Pattern]()
        found = [kind(self, context) for kind in _patterns(context)]
        for index, pattern in enumerate(found):
            self.inlinePatterns.register(pattern, type(pattern).__name__, -index)
        self.treeprocessors = Registry[Treeprocessor]()
        self.treeprocessors.register(Inline(found, context), "inline", 1)
        for index, construct in enumerate(_OURS if context.ours else _GFM):
            self.treeprocessors.register(construct(context), construct.__name__, -index)
        self.postprocessors = Registry[Postprocessor]()
        return self

    def tree(self, text: str) -> Node:
        """The parsed text with all constructs applied."""
        root = self.parser.parseDocument(lines(text) if self.context.ours else as_given(text)).getroot()
        assert isinstance(root, Node)
        for processor in self.treeprocessors:
            processor.run(root)
        return root


def _patterns(context: Context) -> tuple[type[patterns.GfmPattern], ...]:
    if not context.ours:
        return (*_PATTERNS, linkify.SchemeAddress)
    found = (*_PATTERNS, *_ADDRESSES)
    return (*found, formula.FormulaPattern) if context.formulas else found


def as_given(text: str) -> list[str]:
    """The lines as markdown-it sees them: only NUL is replaced, and a BOM is a character like others."""
    return (
        text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd").removesuffix("\n").split("\n")
    )


def lines(text: str) -> list[str]:
    """The lines of a text, whatever ends them; characters that no text holds are replaced."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text).removesuffix("\n").split("\n")
