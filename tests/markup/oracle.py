"""A second judge of sanitised HTML: another parser, and the list of content.md section 2 written down again.

    python -m tests.markup.oracle [SECONDS]

throws random pieces of markup at the sanitiser for so long and prints the first that deceives it.
"""

import random
import re
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from pygments.token import STANDARD_TYPES

from learn.markup.names import names
from learn.markup.sanitise import sanitise

HTML = "{http://www.w3.org/1999/xhtml}"
EVERYWHERE = names("class dir id lang title")
TAGS: dict[str, str] = {
    "a": "href rel aria-label",
    "aside": "role",
    "details": "open",
    "div": "role tabindex aria-label aria-labelledby",
    "img": "src alt width height loading",
    "input": "type disabled checked aria-label",
    "ol": "start",
    "pre": "tabindex",
    "section": "aria-label aria-labelledby",
    "source": "srcset media width height",
    "span": "data-var",
    "td": "colspan rowspan",
    "th": "colspan rowspan scope",
}
BARE = names(
    """abbr b blockquote br caption code del dd dl dt em figcaption figure h2 h3 h4 h5 h6 hr i ins kbd li
    mark p picture q s samp small strong sub summary sup table tbody thead tr u ul"""
)
VALUES = {
    "aria-label": r"[^<>]*",
    "aria-labelledby": r"(?:[a-z0-9_-]+-)?(?:s|fn|fnref|tab)-\S+",
    "alt": r"[^<>]*",
    "checked": r"|checked",
    "colspan": r"\d{1,5}",
    "data-var": r"[\w-]{1,80}",
    "dir": r"ltr|rtl|auto",
    "disabled": r"|disabled",
    "height": r"\d{1,5}",
    "id": r"(?:[a-z0-9_-]+-)?(?:s|fn|fnref|tab)-\S+",
    "lang": r"[A-Za-z0-9-]{2,40}",
    "loading": r"lazy",
    "media": r"\(max-width: 40rem\)",
    "open": r"|open",
    "rel": r"noopener",
    "role": r"note|region",
    "rowspan": r"\d{1,5}",
    "scope": r"col|row",
    "src": r"/medien/[a-z0-9/]{1,170}\.[a-z0-9]{1,8}",
    "srcset": r"/medien/[a-z0-9/]{1,170}\.[a-z0-9]{1,8}",
    "start": r"\d{1,5}",
    "tabindex": r"0",
    "title": r"[^<>]*",
    "type": r"checkbox",
    "width": r"\d{1,5}",
}
CLASS = re.compile(
    r"sc-(?:callout(?:--(?:note|tip|important|warning|caution|town)|__h)?|center|details|figure|footnotes|math"
    r"|right|tablewrap|term|tick|var|variants?|video)|language-[\w+#.-]{1,40}"
)
_SPACE = re.compile(r"[\x00-\x20]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def complaints(html: str) -> Iterator[str]:
    """What the list does not allow in a piece of HTML, as html5lib reads it."""
    for element in html5lib.parseFragment(html).iter():
        if not isinstance(element.tag, str):
            yield "a comment"
        elif element.tag != "DOCUMENT_FRAGMENT":
            yield from _element(element)
    if not balanced(html):
        yield f"unbalanced: {html[:200]}"


def _element(element: Element) -> Iterator[str]:
    tag = element.tag.removeprefix(HTML)
    if tag not in TAGS and tag not in BARE:
        yield f"<{tag}>"
        return
    allowed = {*EVERYWHERE, *TAGS.get(tag, "").split()}
    for name, value in element.attrib.items():
        if name not in allowed:
            yield f"{tag} {name}"
        elif name == "href" and not harmless(value):
            yield f"{tag} href={value}"
        elif name == "class" and not all(known(tag, word) for word in value.split()):
            yield f"{tag} class={value}"
        elif name in VALUES and not re.fullmatch(VALUES[name], value, re.DOTALL):
            yield f"{tag} {name}={value}"


def known(tag: str, word: str) -> bool:
    """Whether the class is one of ours, or of highlighted code."""
    return CLASS.fullmatch(word) is not None or (tag == "span" and word in STANDARD_TYPES.values())


def harmless(address: str) -> bool:
    """Whether a browser would follow the address within this site, to http, https, mailto or tel."""
    bare = _SPACE.sub("", address)
    scheme = _SCHEME.match(bare)
    if scheme:
        return scheme[0].lower() in {"http:", "https:", "mailto:", "tel:"}
    try:
        return not urlsplit(bare.replace("\\", "/")).netloc
    except ValueError:
        return False


def balanced(html: str) -> bool:
    """Whether every element that has an end is ended, in order."""
    empty = {"br", "hr", "img", "input", "source"}
    stack: list[str] = []
    for closing, tag in re.findall(r"<(/?)([a-z][a-z0-9]*)(?=[\s>])", html):
        if closing:
            if not stack or stack.pop() != tag:
                return False
        elif tag not in empty:
            stack.append(tag)
    return not stack


ELEMENTS = sorted(
    names(
        """a abbr annotation-xml applet area article aside audio b base bdo body br button canvas caption
        center code col colgroup desc details dialog div dl dt em embed fieldset figure font
        foreignObject form frame frameset h1 h2 head hr html i iframe image img input isindex keygen li
        link listing maction main map marquee math menu meta mglyph mi mn mo ms mtext nobr noembed
        noframes noscript object ol optgroup option p param picture plaintext pre rb rp rt ruby s
        script section select semantics source span style sub summary sup svg table tbody td template
        textarea tfoot th thead title tr track u ul var video wbr xmp"""
    )
)
ATTRIBUTES = sorted(
    names(
        """href src srcset id class name style title onclick onerror onload autofocus formaction action
        xlink:href data-var data-x aria-label rel target lang dir width height start open scope colspan type
        value checked disabled tabindex role hx-get is slot srcdoc http-equiv content encoding media loading
        alt"""
    )
)
WORDS = [
    *("javascript:alert(1)", "java\tscript:x", "&#106;avascript:x", "jav&#x0A;ascript:x", "JaVaScript:x"),
    *(
        "data:text/html,x",
        "//a",
        "\\\\a",
        "/\\a",
        "https://a",
        "mailto:a",
        "vbscript:x",
        "javascript&colon;x",
    ),
    *("s-a", "fn-1", "x", "", "a b", "'", '"', "<", ">", "&lt;", "/medien/ab.svg", "/medien/../x", "0", "-1"),
    *(
        "sc-term",
        "kn",
        "sc-btn",
        "noopener",
        "opener",
        "checkbox",
        "lazy",
        "\x00",
        "\u200b",
        "\ud800",
        "note",
    ),
    *(
        "\u2028",
        "\x0c",
        "text/html",
        "\uff1c",
        "k\u0131",
        "\u017f",
        "é",
        "expression(1)",
        "java\u00adscript:x",
    ),
]
PIECES = [
    *(
        "<",
        ">",
        "/>",
        "</",
        "<!--",
        "-->",
        "--!>",
        "<!",
        "<?",
        "?>",
        "<![CDATA[",
        "]]>",
        "&",
        "&lt;",
        "&#60;",
    ),
    *(
        " ",
        "\n",
        "\t",
        "\x00",
        "\xa0",
        "text",
        "=",
        '"',
        "'",
        "`",
        "\ufffe",
        "&amp;lt;",
        "&NewLine;",
        "&Tab;",
    ),
]


def soup(chance: random.Random) -> str:
    """Random markup, mostly of tags that are nearly right."""
    return "".join(_piece(chance) for _ in range(chance.randint(1, 14)))


def _piece(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.3:
        return chance.choice(PIECES)
    tag = chance.choice(ELEMENTS)
    if kind < 0.5:
        return f"</{tag}>"
    mark = chance.choice(['"', "'", "", '"'])
    pairs = "".join(
        chance.choice(" /\n\x0c") + f"{chance.choice(ATTRIBUTES)}={mark}{chance.choice(WORDS)}{mark}"
        for _ in range(chance.randint(0, 3))
    )
    return f"<{chance.choice([tag, tag, tag.upper()])}{pairs}{chance.choice(['>', '>', '/>', ''])}"


def judge(text: str) -> list[str]:
    """What is wrong with the sanitised form of a text."""
    once = sanitise(text)
    found = list(complaints(once))
    return found if sanitise(once) == once else [*found, "cleaning twice is not cleaning once"]


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    end, count, seed = time.monotonic() + seconds, 0, time.time_ns()
    chance = random.Random(seed)
    while time.monotonic() < end:
        text = soup(chance)
        count += 1
        found = judge(text)
        if found:
            print(f"{text!r}\n{sanitise(text)!r}\n{found}")
            return 1
    print(f"{count} texts, none deceived it (seed {seed})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
