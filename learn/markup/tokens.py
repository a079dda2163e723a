"""Pieces that pass the last gate of the sanitiser as tokens: formulas.

Neither gate lets MathML pass, because parsers disagree about what may stand in it. So a formula goes through
both as a token that nobody can guess, and its MathML, written by `learn.markup.mathml` from a checked tree,
takes the token's place afterwards. Stored HTML is clean in this sense: `apart` from formulas it is what the
gate leaves.
"""

import re
import secrets
from collections.abc import Callable

_MATH = re.compile(r'<math alttext="[^"]*"(?: [a-z]+="[^"]*")*>.*?</math>', re.DOTALL)


class Tokens:
    """What stands in a text for pieces that must not pass the gate."""

    def __init__(self) -> None:
        self.nonce = secrets.token_hex(8)
        self.pieces: list[str] = []
        self.pattern = re.compile(rf"⟦{self.nonce}:([0-9]+)⟧")

    def add(self, piece: str) -> str:
        self.pieces.append(piece)
        return f"⟦{self.nonce}:{len(self.pieces) - 1}⟧"

    def back(self, html: str) -> str:
        """`html` with the pieces in the place of their tokens."""
        return self.pattern.sub(lambda found: self.pieces[int(found[1])], html) if self.pieces else html


def apart(html: str, change: Callable[[str], str]) -> str:
    """Stored HTML changed by a function that knows no formulas; they are put back unchanged."""
    if "<math " not in html:
        return change(html)
    tokens = Tokens()
    return tokens.back(change(_MATH.sub(lambda found: tokens.add(found[0]), html)))
