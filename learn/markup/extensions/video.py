"""Video: a paragraph of one link that begins „Video:“ becomes a figure with transcript, never a player."""

from urllib.parse import urlsplit

from learn.markup.extensions.base import Construct
from learn.markup.tree import Node, fill, items, kids, make, plain, walk


def host(href: str) -> str:
    try:
        return urlsplit(href).hostname or ""
    except ValueError:
        return ""


class Video(Construct):
    def apply(self, root: Node) -> None:
        for parent in list(walk(root)):
            blocks = kids(parent)
            found = [node for node in blocks if node.tag == "p" and not node.tight and _video(node)]
            for node in found:
                self._figure(parent, node)

    def _figure(self, parent: Node, paragraph: Node) -> None:
        link = kids(paragraph)[0]
        small = make("small", [f"auf {host(link.get('href') or '')}"], paragraph.line)
        content: list[str | Node] = [make("p", [link, " ", small], paragraph.line)]
        blocks = kids(parent)
        index = blocks.index(paragraph)
        after = blocks[index + 1] if index + 1 < len(blocks) else None
        if after is not None and after.tag == "details" and _transcript(after):
            parent.remove(after)
            content.append(after)
        else:
            self.context.fault("K508", paragraph.line)
        paragraph.tag = "figure"
        paragraph.set("class", "sc-video")
        fill(paragraph, content)


def _video(node: Node) -> bool:
    content = [item for item in items(node) if not isinstance(item, str) or item.strip()]
    if len(content) != 1 or isinstance(content[0], str) or content[0].tag != "a":
        return False
    link = content[0]
    href = (link.get("href") or "").lower()
    return href.startswith(("http://", "https://")) and plain(link).startswith("Video:") and bool(host(href))


def _transcript(details: Node) -> bool:
    heads = [child for child in kids(details) if child.tag == "summary"]
    return bool(heads) and plain(heads[0]).startswith("Abschrift")
