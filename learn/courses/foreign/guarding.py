"""Words of foreign texts that our dialect would take for its own signs."""

import re

from learn.courses.foreign.lines import Lines

_MARK = re.compile(
    r"([ \t>]*<!--)\s*"
    r"(/?(?:quiz|aufgabe|fahrplan|frage|tabs|begriff|zitat|versuche|bestehen|abgabe|peer|frist))"
    r"(\s[^\n]{0,300}?)?\s*-->\s*$"
)
_CAPTION = re.compile(r"^([ \t>]*)Tabelle:(?=\s)")


def guarded(lines: Lines) -> Lines:
    """Comments that look like our marks but lack what these need, and captions, lose that meaning."""
    if "<!--" not in lines.joined and "Tabelle:" not in lines.joined:
        return lines
    found = {i: mark for i, text in enumerate(lines.texts) if "<!--" in text and (mark := _MARK.match(text))}
    fenced = (
        {i for fence in lines.scan.fences for i in range(fence.first, fence.last + 1)} if found else set()
    )
    ours = _ours(lines, {index: mark for index, mark in found.items() if index not in fenced})
    table = max((index for index, text in enumerate(lines.texts) if "|" in text), default=-1)
    texts = []
    for index, text in enumerate(lines.texts):
        mark = found.get(index)
        if mark and index not in fenced and mark[2].lstrip("/") not in ours:
            texts.append(f"{mark[1]} ({mark[2]}){(mark[3] or '').rstrip()} -->")
        elif "Tabelle:" in text and not lines.scan.hidden[index] and index < table:
            texts.append(_CAPTION.sub(r"\1<span>Tabelle:</span>", text))
        else:
            texts.append(text)
    return lines.changed(texts)


def _ours(lines: Lines, found: dict[int, re.Match[str]]) -> set[str]:
    """Names of marks that stand as our dialect wants them; none where one of them does not."""
    names = [mark[2] for mark in found.values()]
    tabs = 0 < names.count("tabs") == names.count("/tabs")
    ours = {mark[2] for mark in found.values() if "id=" in (mark[3] or "")} | ({"tabs"} if tabs else set())
    opened = ""
    for index, mark in found.items():
        name = mark[2]
        if name.lstrip("/") not in ours or name == "begriff":
            continue
        if name == "frage":
            fits = opened == "quiz" and index > 0 and lines.texts[index - 1].lstrip(" >").startswith("#")
        else:
            fits = opened == (name[1:] if name.startswith("/") else "")
            opened = "" if name.startswith("/") else name
        if not fits:
            return set()
    return set() if opened else ours
