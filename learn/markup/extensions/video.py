"""Video: a paragraph of one link that begins „Video:“ becomes a figure with transcript, never a player."""

from urllib.parse import urlsplit

from learn.markup.extensions.base import Construct
from learn.markup.tree import Node, become, fill, items, kids, make, plain, walk


def host(href: str) -> str:
    try:
        return urlsplit(href).hostname or ""
    except ValueError:
        return ""


class Video(Construct):
    def apply(self, root: Node) -> None:
        for parent in list(walk(root)):
            blocks = kids(parent)
            if any(_video(node) for node in blocks):
                self._figures(parent, blocks)

    def _figures(self, parent: Node, blocks: list[Node]) -> None:
        gone: set[int] = set()
        for node, after in zip(blocks, [*blocks[1:], None], strict=False):
            if not _video(node):
                continue
            transcript = after if after is not None and _transcript(after) else None
            if transcript is None:
                self.context.fault("K508", node.line)
            gone.add(id(transcript))
            _figure(node, transcript)
        fill(parent, [item for item in items(parent) if id(item) not in gone])


def _figure(paragraph: Node, transcript: Node | None) -> None:
    link = kids(paragraph)[0]
    small = make("small", [f"auf {host(link.get('href') or '')}"], paragraph.line)
    content: list[str | Node] = [make("p", [link, " ", small], paragraph.line)]
    become(paragraph, "figure", {"class": "sc-video"})
    fill(paragraph, [*content, transcript] if transcript is not None else content)


def _video(node: Node) -> bool:
    if node.tag != "p" or node.tight or len(node) != 1:
        return False
    content = [item for item in items(node) if not isinstance(item, str) or item.strip()]
    if len(content) != 1 or isinstance(content[0], str) or content[0].tag != "a":
        return False
    link = content[0]
    href = (link.get("href") or "").lower()
    return href.startswith(("http://", "https://")) and plain(link).startswith("Video:") and bool(host(href))


def _transcript(details: Node) -> bool:
    if details.tag != "details":
        return False
    heads = [child for child in kids(details) if child.tag == "summary"]
    return bool(heads) and plain(heads[0]).startswith("Abschrift")
