"""Emphasis, strong emphasis and strikethrough: CommonMark's rules for runs of `*`, `_` and `~`."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from learn.markup.limits import INLINE
from learn.markup.tree import Node, fill


@dataclass(slots=True, eq=False)
class Run:
    """A run of one delimiter. `left` counts characters not yet used; tags pair up inside out."""

    char: str
    count: int
    opens: bool
    closes: bool
    left: int = 0
    closing: list[str] = field(default_factory=list)
    opening: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left = self.count


Token = str | Node | Run
Content = list[str | Node]
Finish = Callable[[Content], Content]


def run_at(data: str, start: int, end: int) -> Run | str:
    """The run `data[start:end]` with what its neighbours allow."""
    char = data[start]
    if char == "~" and end - start != 2:
        return data[start:end]
    before = data[start - 1] if start else "\n"
    after = data[end] if end < len(data) else "\n"
    blank_before, blank_after = before.isspace(), after.isspace()
    sign_before, sign_after = _sign(before), _sign(after)
    left = not blank_after and (not sign_after or blank_before or sign_before)
    right = not blank_before and (not sign_before or blank_after or sign_after)
    if char == "_":
        opens, closes = left and (not right or sign_before), right and (not left or sign_after)
    else:
        opens, closes = left, right
    return Run(char, end - start, opens, closes) if opens or closes else data[start:end]


def _sign(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"


def build(tokens: list[Token], finish: Finish | None = None) -> Content:
    """Pairs the runs among `tokens`, nests what they enclose; `finish` treats the content of each element."""
    runs = [token for token in tokens if isinstance(token, Run)]
    if runs:
        _pair(runs)
        return _nest(tokens, finish or list)
    content = [token for token in tokens if not isinstance(token, Run)]
    return finish(content) if finish else content


def _pair(runs: list[Run]) -> None:
    """Walks from closer to closer; `bottom` remembers where a search was in vain."""
    openers: list[Run] = []
    bottom: dict[tuple[str, bool, int], int] = {}
    for run in runs:
        while run.closes and run.left:
            key = (run.char, run.opens, run.count % 3)
            index = _opener(openers, run, min(bottom.get(key, 0), len(openers)))
            if index < 0:
                bottom[key] = len(openers)
                break
            _join(openers, index, run)
            for name, value in bottom.items():
                bottom[name] = min(value, len(openers))
        if run.opens and run.left:
            openers.append(run)


def _opener(openers: list[Run], run: Run, bottom: int) -> int:
    for index in range(len(openers) - 1, bottom - 1, -1):
        opener = openers[index]
        if opener.char == run.char and not _odd(opener, run):
            return index
    return -1


def _odd(opener: Run, closer: Run) -> bool:
    """The rule of three for runs that both open and close."""
    if closer.char == "~" or not (opener.closes or closer.opens):
        return False
    return (opener.count + closer.count) % 3 == 0 and (opener.count % 3 != 0 or closer.count % 3 != 0)


def _join(openers: list[Run], index: int, closer: Run) -> None:
    opener = openers[index]
    size = 2 if opener.left >= 2 and closer.left >= 2 else 1
    tag = "del" if closer.char == "~" else "strong" if size == 2 else "em"
    opener.left -= size
    closer.left -= size
    opener.opening.append(tag)
    closer.closing.append(tag)
    del openers[index + (opener.left > 0) :]


def _nest(tokens: list[Token], finish: Finish) -> Content:
    """Builds the elements; what nests deeper than the limit stays without mark."""
    stack: list[tuple[str, Content]] = [("", [])]
    for token in tokens:
        if not isinstance(token, Run):
            stack[-1][1].append(token)
            continue
        for _ in token.closing:
            tag, content = stack.pop()
            if len(stack) <= INLINE:
                node = Node(tag)
                fill(node, finish(content))
                stack[-1][1].append(node)
        if token.left:
            stack[-1][1].append(token.char * token.left)
        for tag in reversed(token.opening):
            stack.append((tag, [] if len(stack) <= INLINE else stack[-1][1]))
    return finish(stack[0][1])
