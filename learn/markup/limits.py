"""How much one text may demand; what goes beyond is shown as plain text and reported (security.md 3)."""

from dataclasses import dataclass

NESTING = 12  # lists and quotes
BRACKETS = 50  # in a row
CELLS = 2_000
LINE = 5_000  # characters
HEADINGS = 500
FOOTNOTES = 200  # uses
BACKTICKS = 1_000  # runs
CODE = 20_000  # characters of one fence that are highlighted
SLOW_CODE = 3_000  # the same for lexers that are slow on hostile text
CODE_SUM = 40_000  # and of all fences together
FORMULAS = 20_000  # characters of all formulas that become MathML
INLINE = 20  # emphasis in emphasis
ELEMENTS = 30  # authors' HTML in HTML
ADDRESS = 2_000  # characters of one link target
REFERENCES = 100_000  # characters that reference links may add
TERMS = 1_000  # labels of reference links and footnotes: characters

HTML = {"kurs": 1_000_000, "beitrag": 400_000, "gfm": 1_000_000}  # before Bleach
TEXT = {"kurs": 262_144, "beitrag": 20_000, "gfm": 262_144}


class TooLarge(Exception):
    """The HTML of a text passes the limit of its profile."""


@dataclass(slots=True)
class Budget:
    """What a text may still use; `take` says whether the next piece fits."""

    headings: int = HEADINGS
    cells: int = CELLS
    footnotes: int = FOOTNOTES
    backticks: int = BACKTICKS
    code: int = CODE_SUM
    formulas: int = FORMULAS
    references: int = REFERENCES
    warned: bool = False  # of back-ticks, once

    def take(self, what: str, amount: int = 1) -> bool:
        left: int = getattr(self, what)
        if amount > left:
            return False
        setattr(self, what, left - amount)
        return True


def wide() -> Budget:
    """For comparisons: nothing is stored or cleaned, and all that stays below these amounts is linear."""
    many = 1_000_000
    return Budget(many, 65_536, many, many, many, many)
