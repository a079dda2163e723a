"""What somebody copied from Word, LibreOffice, Google Docs, Excel or a web page, as our Markdown; pure.

Every visible word stays, in order, and renders as it is. Structure stays where our dialect has it: headings,
lists, tables, quotes, code, emphasis, links to http(s) and mailto. Pictures become a note `[Bild: …]`.

Converters to be had (markdownify with Beautiful Soup, html2text) recurse once per element, so that 330 nested
ones raise, escape for other dialects, and know nothing of Word's lists; none of them keeps every word.
"""

from learn.workshop.pasted import blocks, cleaning, tree
from learn.workshop.pasted.inline import OWN

LARGEST = 1_000_000  # characters


def markdown(html: str) -> str:
    """Markdown of a piece of HTML, blocks parted by empty lines; what is longer than LARGEST is cut."""
    root = tree.tree(OWN.sub("", html[:LARGEST]).replace("\0", ""))
    return "\n\n".join(blocks.blocks(cleaning.cleaned(root)))
