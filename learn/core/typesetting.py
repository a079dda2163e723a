"""The process that sets one paper by typst and ends; learn.core.paper runs it by path.

It imports nothing of ours. Reads JSON on standard input: `template` (typst source), `data` (anything JSON)
and, where a paper has them, `pictures` (file name to Base64), `forgiving` and `memory` (bytes). The template
finds the data at `sys.inputs.data` and the names of pictures that can be shown at `sys.inputs.pictures`, both
as JSON.
Writes the PDF to standard output, or what was wrong to standard error.
"""

import base64
import json
import re
import resource
import sys
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

import typst

MEMORY = 1024 * 1024 * 1024
ATTEMPTS = 4
MAIN = "paper.typ"
HEAD = '#set document(title: "Probe")\n#set text(lang: "de")\n'
SIGNS = HEAD + "#for sign in sys.inputs.signs.codepoints() [#sign \\ ]"
PICTURE = HEAD + "#pdf.artifact(image(sys.inputs.name, width: 1pt))"
NO_GLYPH = re.compile(r'the text `"((?:[^"\\]|\\.)+)"` could not be displayed')
CODE = re.compile(r"\\u\{([0-9a-f]+)\}")
USUAL = re.compile("[\\x20-\u024f\u2010-\u2026\u20ac\u2190-\u2193]+")  # every font of typst's has these
SIMPLE = {
    **dict.fromkeys("\u27a1\U0001f449\u2b95", "\u2192"),
    **dict.fromkeys("\u2705\u2714", "\u2713"),
    **dict.fromkeys("\u274c\u2716", "\u2717"),
}
UNSEEN = {"Cc", "Cf", "Mn", "Me", "Sk"}  # joiners, variants, shades: nothing without the sign they change


def main() -> int:
    """One PDF/UA-1 from one request; 1 when typst refuses."""
    request = json.load(sys.stdin)
    memory = request.get("memory", MEMORY)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    pictures = {name: base64.b64decode(text) for name, text in request.get("pictures", {}).items()}
    make = forgiven if request.get("forgiving") else paper
    try:
        made = make(request["template"], request["data"], pictures)
    except typst.TypstError as problem:
        sys.stderr.write("\n".join([str(problem), *problem.hints]))
        return 1
    sys.stdout.buffer.write(made)
    return 0


def paper(template: str, data: Any, pictures: dict[str, bytes]) -> bytes:
    """The PDF of a request. Raises TypstError."""
    inputs = {"data": json.dumps(data), "pictures": json.dumps(sorted(pictures))}
    return pdf(template, inputs, pictures)


def pdf(source: str, inputs: dict[str, str], pictures: dict[str, bytes]) -> bytes:
    """Compile. The same paper on every machine: no fonts but typst's own, no files but the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in {MAIN: source.encode(), **pictures}.items():
            Path(folder, name).write_bytes(content)
        made: bytes = typst.compile(
            Path(folder, MAIN),
            root=Path(folder),
            ignore_system_fonts=True,
            sys_inputs=inputs,
            pdf_standards=["ua-1"],
        )
    return made


def forgiven(template: str, data: Any, pictures: dict[str, bytes]) -> bytes:
    """The same without what typst cannot show: such signs become words, such pictures are left out."""
    odd = missing(sorted(set(USUAL.sub("", said(data, pictures)))))
    for _attempt in range(ATTEMPTS):
        data, pictures = named(data, odd), {name: redrawn(file, odd) for name, file in pictures.items()}
        try:
            return paper(template, data, pictures)
        except typst.TypstError as problem:
            odd = signs_of(problem)
            fine = {name: content for name, content in pictures.items() if shows(name, content)}
            if not odd and len(fine) == len(pictures):
                raise
            pictures = fine
    return paper(template, data, pictures)


def said(data: Any, pictures: dict[str, bytes]) -> str:
    """All words of the data and of drawings."""
    drawings = (content for content in pictures.values() if drawing(content))
    return json.dumps(data, ensure_ascii=False) + b"".join(drawings).decode("utf-8", "ignore")


def drawing(content: bytes) -> bool:
    """Whether a picture is text, as SVG is."""
    return b"<svg" in content[:4096]


def redrawn(content: bytes, signs: set[str]) -> bytes:
    """A drawing with words in place of these signs; other pictures as they are."""
    if not signs or not drawing(content):
        return content
    return str(named(content.decode("utf-8", "replace"), signs)).encode()


def missing(signs: list[str]) -> set[str]:
    """Those of the signs that none of the fonts has."""
    try:
        pdf(SIGNS, {"signs": "".join(signs)}, {})
    except typst.TypstError as problem:
        return signs_of(problem)
    return set()


def signs_of(problem: typst.TypstError) -> set[str]:
    """The signs that this refusal is about."""
    told = NO_GLYPH.findall(problem.diagnostic)
    return {sign for text in told for sign in CODE.sub(lambda code: chr(int(code[1], 16)), text)}


def shows(name: str, content: bytes) -> bool:
    """Whether typst can read this picture."""
    try:
        pdf(PICTURE, {"name": name}, {name: content})
    except typst.TypstError:
        return False
    return True


def named(value: Any, signs: set[str]) -> Any:
    """The data with simple signs or words in place of these signs."""
    if not signs:
        return value
    runs = re.compile("[" + re.escape("".join(sorted(signs))) + "]+")

    def change(part: Any) -> Any:
        if isinstance(part, str):
            return runs.sub(lambda run: spelled(run[0]), part)
        if isinstance(part, list):
            return [change(entry) for entry in part]
        return {key: change(entry) for key, entry in part.items()} if isinstance(part, dict) else part

    return change(value)


def spelled(run: str) -> str:
    """Signs in words: letters of a script by their numbers, other signs by their names in Unicode."""
    seen = [sign for sign in run if unicodedata.category(sign) not in UNSEEN]
    if len(seen) > 1 and all(unicodedata.category(sign).startswith("L") for sign in seen):
        return f"[Schriftzeichen {' '.join(f'U+{ord(sign):04X}' for sign in seen)}]"
    return " ".join(
        SIMPLE.get(sign) or f"[{unicodedata.name(sign, f'Zeichen U+{ord(sign):04X}').capitalize()}]"
        for sign in seen
    )


if __name__ == "__main__":
    sys.exit(main())
