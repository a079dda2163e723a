"""How much the server takes in before anybody has looked at it: 16 MB, from authors a whole course.

What is larger than half a megabyte waits in a file. The program knows the cap of each address and answers
with a page; this one only ends what nobody would take.
"""

import re
from copy import copy
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

LIMIT = 16 * 1024 * 1024  # the program refuses with a page from 1 MB on; beyond this nobody buffers
COURSE = 104 * 1024 * 1024  # a ZIP of 100 MB with the form around it
AUTHORS = "/werkstatt/"
SESSION = re.compile(r"(?:^|; ?)(?:__Host-)?sitzung=")


class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress bears no types
    """Lets those who are signed in send courses and photos to the Werkstatt, all at once, not piece by piece.

    Whether they are authors the program decides; everybody else keeps the smaller cap.
    """

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        known = SESSION.search(self.headers.get("COOKIE", ""))
        if known and self.path.startswith(AUTHORS) and not self.chunked:
            self.adj: Any = copy(self.adj)
            self.adj.max_request_body_size = COURSE


class Channel(HTTPChannel):  # type: ignore[misc]  # likewise
    """A connection whose requests are read so."""

    parser_class = Parser
