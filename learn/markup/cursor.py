"""A place in one line, counting columns so that tabs nest as CommonMark demands."""


class Cursor:
    """`pos` is the next character, `column` where it stands; `find` looks for the next visible one."""

    __slots__ = ("blank", "column", "done", "indent", "next", "next_column", "partial", "pos", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.pos = 0
        self.column = 0
        self.partial = False  # within a tab of which some columns are used up
        self.done = False  # the whole line is used up
        self.find()

    def find(self) -> None:
        text, index, column = self.text, self.pos, self.column
        size = len(text)
        while index < size:
            char = text[index]
            if char == " ":
                column += 1
            elif char == "\t":
                column += 4 - column % 4
            else:
                break
            index += 1
        self.next, self.next_column = index, column
        self.indent = column - self.column
        self.blank = index >= size

    @property
    def char(self) -> str:
        """The next visible character, or nothing."""
        return "" if self.blank else self.text[self.next]

    def to_next(self) -> None:
        self.pos, self.column, self.partial = self.next, self.next_column, False
        self.indent = 0

    def skip(self, count: int) -> None:
        """Goes on by characters that are not tabs."""
        self.pos += count
        self.column += count
        self.partial = False
        self.find()

    def skip_columns(self, count: int) -> None:
        text, size = self.text, len(self.text)
        while count > 0 and self.pos < size:
            if text[self.pos] == "\t":
                width = 4 - self.column % 4
                step = min(count, width)
                self.partial = step < width
                self.column += step
                self.pos += not self.partial
                count -= step
            else:
                self.partial = False
                self.pos += 1
                self.column += 1
                count -= 1
        self.find()

    def at_space(self) -> bool:
        return self.pos < len(self.text) and self.text[self.pos] in " \t"

    def rest(self) -> str:
        if self.partial:
            return " " * (4 - self.column % 4) + self.text[self.pos + 1 :]
        return self.text[self.pos :]
