"""Markdown to sanitised parts, in this process: what `learn.markup.render` and its child process do."""

from html import escape

from learn.markup.context import Context, NoFiles, TextKind
from learn.markup.dialect import Dialect, lines
from learn.markup.document import Document
from learn.markup.limits import HTML, TooLarge
from learn.markup.model import Fault, Html, Profile, Rendered, Resolver
from learn.markup.output import Writer
from learn.markup.serialise import inner_html


def render(
    text: str,
    profile: Profile,
    resolve: Resolver | None = None,
    *,
    first_line: int = 1,
    formulas: bool = False,
    kind: TextKind = "lektion",
    title: str = "",
) -> Rendered:
    """The parts, faults and words of a Markdown text; pure, and raises on no input.

    `text` is what stands below the front matter and begins at line `first_line` of its file; `title` the one
    of the front matter (empty: not compared). Profile `gfm` is for comparisons only: its HTML is raw.
    """
    try:
        return convert(text, profile, resolve, first_line, formulas, kind, title)
    except TooLarge:
        grenze = f"{HTML[profile] // 1000} kB"
        fault = Fault("K108", first_line, {"was": "Das HTML dieses Textes", "grenze": grenze})
        shown = escape("\n".join(lines(text))[: HTML[profile]], quote=False)
        return Rendered(parts=(Html(f"<pre>{shown}</pre>"),), faults=(fault,), text=text)


def convert(
    text: str,
    profile: Profile,
    resolve: Resolver | None,
    first_line: int,
    formulas: bool,
    kind: TextKind,
    title: str,
) -> Rendered:
    """`render`, raising TooLarge where the HTML passes its limit."""
    context = Context(
        profile=profile,
        resolve=NoFiles() if resolve is None else resolve,
        kind="beitrag" if profile == "beitrag" else kind,
        first_line=first_line,
        formulas=formulas,
        title=title,
    )
    root = Dialect(context).tree(text)
    if profile == "gfm":
        return Rendered(parts=(Html(inner_html(root)),))
    return Document(root, context, Writer(HTML[profile], context.tokens)).rendered()
