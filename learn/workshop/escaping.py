"""Plain words as Markdown that shows exactly these words, with no more escapes than that needs."""

import re

WIDTH = 1_500  # characters after which a long line breaks at a blank: the renderer reads lines up to 5,000
_BLANK = re.compile(r"[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff]")
_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_PARTED = re.compile(r"\n[ \t]*\n\s*")
# An address that the renderer is sure to recognise, and to end where it ends here.
_ADDRESS = re.compile(
    r"(?:(?<=^)|(?<=[\s(]))(?:"
    r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:/(?:[A-Za-z0-9._/?=%#:+,@&-]*[A-Za-z0-9/])?)?"
    r"|[A-Za-z0-9.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
    r")(?=[.,:!?)]*(?:\s|$))"
)
_SIGNS = re.compile(
    r"[\\`*\[\]$]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # inside words it means nothing
    r"|~(?=~)|(?<=~)~"
    r"|<(?![ \d])|&(?=#?\w+;)|(?<=[\w.+-])@"
)
_SCHEME = re.compile(r"(?<![^\W_])(https?|ftp)://", re.IGNORECASE)
_WORLD = re.compile(r"(?<![^\W_])(www)\.", re.IGNORECASE)
_START = re.compile(r"(#{1,6}(?=\s|$)|[-+](?=[\s|:-]|$)|[>=|:~]|\d{1,9}(?=[.)](?:\s|$)))")
_ALERT = re.compile(r"^\\\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\\\](?=\s*$)", re.IGNORECASE)
_HASHES = re.compile(r"(^|[ \t])(#+)$")


def one_line(text: str) -> str:
    """The words on one line, without control characters; protected blanks stay."""
    return _BLANK.sub(" ", _CONTROL.sub("", text)).strip()


def words(text: str, *, linked: bool = True) -> str:
    """Words inside a line. `linked`: an address among them may become a link."""
    return escaped(one_line(text), linked=linked)


def escaped(text: str, *, linked: bool = True) -> str:
    """The same with its blanks as they are."""
    found, end = [], 0
    for match in _ADDRESS.finditer(text) if linked else ():
        found += [_signs(text[end : match.start()]), match[0]]
        end = match.end()
    return "".join([*found, _signs(text[end:])])


def line(text: str) -> str:
    """Words that begin a line: what would begin a list, a heading or a table stays text."""
    return started(words(text))


def started(made: str) -> str:
    """A line of escaped words that does not begin a block."""
    made = _ALERT.sub(r"\\[!<span>\1</span>\\]", made)
    found = _START.match(made)
    if not found:
        return made
    return f"{found[0]}\\{made[found.end() :]}" if found[0].isdigit() else f"\\{made}"


def bracketed(text: str) -> str:
    """Words between brackets of a link or picture: no link may stand in them, nor a footnote."""
    made = words(text, linked=False)
    return f"\\{made}" if made.startswith("^") else made


def heading(text: str) -> str:
    """Words of a heading."""
    return headed(words(text))


def headed(made: str) -> str:
    """Escaped words for a heading; signs at its end would vanish."""
    return _HASHES.sub(r"\1\\\2", made)


def cell(text: str) -> str:
    """Words of a table's cell."""
    return words(text).replace("|", "\\|")


def paragraphs(text: str) -> str:
    """Whole paragraphs: empty lines part them, other line ends stay."""
    text = _ENDS.sub("\n", text)
    found = ["\n".join(_lines(part)) for part in _PARTED.split(text)]
    return "\n\n".join(part for part in found if part)


def _lines(paragraph: str) -> list[str]:
    pieces = [piece for typed in paragraph.split("\n") for piece in _wrapped(one_line(typed))]
    return [made for piece in pieces if (made := line(piece))]


def _wrapped(typed: str) -> list[str]:
    found = []
    while len(typed) > WIDTH and (cut := typed.rfind(" ", 0, WIDTH)) > 0:
        found.append(typed[:cut])
        typed = typed[cut + 1 :]
    return [*found, typed]


def _signs(text: str) -> str:
    text = _SIGNS.sub(r"\\\g<0>", text)
    return _WORLD.sub(r"\1\\.", _SCHEME.sub(r"\1\\://", text))
