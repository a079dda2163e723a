"""What is known of a foreign text before and after its conversion, as plain frozen values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from learn.markup.model import Fault

Kind = Literal["carpentries", "hugo", "readme", "liascript", "markdown"]


@dataclass(frozen=True, slots=True)
class Foreign:
    """A Markdown file of a foreign folder: decoded, LF, without its front matter.

    `path` is relative to the folder, with `/`. `front` is the front matter as read (empty where there is none
    or it cannot be read: then it belongs to the body, so that no word is lost). `line` is the file's line
    at which `body` begins (from 1). `site` are the values that the site's settings give to all its texts.
    """

    path: str
    kind: Kind
    front: Mapping[str, Any]
    body: str
    line: int = 1
    site: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Converted:
    """A text in our dialect. Faults (K601, K602) name lines of the foreign file.

    `title` is what the text itself says (first heading), empty where it says nothing. `goals` are 0 to 4
    texts of at most 120 characters that left the body. `minutes` is 0 where the material does not say.
    `values` are local values (`var:` names) that the body uses, with what to enter. `lines` holds for each
    line of `body` the line of the foreign file it comes from (from 1); empty where nobody knows.
    """

    body: str
    title: str = ""
    goals: tuple[str, ...] = ()
    minutes: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    faults: Sequence[Fault] = ()
    lines: tuple[int, ...] = ()
