"""What holds for every text: words, links and pictures stay, code is untouched, nothing raises."""

import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learn.courses.foreign.converting import convert
from learn.courses.foreign.model import Foreign, Kind
from learn.markup import render
from learn.markup.model import Link, Picture
from tests.courses.foreign.converted import converted
from tests.courses.foreign.visible import compare

KINDS: tuple[Kind, ...] = ("carpentries", "hugo", "readme", "liascript", "markdown")
PLAIN = [
    "Wort{n} und *mehr{n}*",
    "[Link{n}](https://example.org/{n})",
    "![Bild{n}](bild{n}.png)",
    "`Code{n} {{a`",
    "{{< unbekannt{n} >}} danach{n}",
    "{{< param p{n} >}}",
    "{{ site.x{n} }} {% include y{n} %}",
    "[[Seite{n}]] @makro{n}(a)",
    "https://example.org/{n}",
]
SIGNS = [
    *("# ", "> ", "- ", "1. ", "    ", "```", "~~~", "```{note}", ":::", "::: callout", "::: solution"),
    *("{{< tabs >}}", '{{% tab "a" %}}', "{{% /tab %}}", "{{< /tabs >}}", "{{% notice tip %}}"),
    *("{{% /notice %}}", "{{< quizdown >}}", "{{< /quizdown >}}", "- [x] ", "{: .challenge}", "{{<", ">}}"),
    *("{{ a }}", "{% b %}", "!!! note", "<!--", "-->", "<!-- quiz id=a -->", "<details>", "<center>"),
    *("![a](b){alt='c'}", "[[", "]]", "|", "|---|", "\x00", "\x000o", "`", "\\", "word", "Tabelle: x", "---"),
]


class Files:
    """Every target exists."""

    def picture(self, target: str) -> Picture:  # noqa: ARG002  # the protocol's signature
        return Picture("/medien/" + "a" * 64 + ".png", 10, 10)

    def link(self, target: str) -> Link:
        return Link("/kurse/a/b", target)

    def knows_value(self, name: str) -> bool:  # noqa: ARG002  # the protocol's signature
        return True


class Author:
    """Writes texts in which dialects nest as they do in real material."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.number = 0

    def text(self, depth: int = 0) -> list[str]:
        if depth > 3:
            return [self._words()]
        found: list[str] = []
        for _ in range(self.random.randint(1, 3)):
            found += [*self.random.choice(self._kinds)(self, depth), ""]
        return found

    def _words(self) -> str:
        self.number += 1
        return self.random.choice(PLAIN).replace("{n}", str(self.number))

    def _paragraph(self, depth: int) -> list[str]:  # noqa: ARG002  # one signature
        return [self._words() for _ in range(self.random.randint(1, 3))]

    def _code(self, depth: int) -> list[str]:  # noqa: ARG002  # one signature
        return ["```", f"code{self.random.randint(1, 99)} [[a]]", "> a", "", "```"]

    def _div(self, depth: int) -> list[str]:
        name = self.random.choice(["callout", "challenge", "solution", "hint", "spalte", "prereq"])
        return [":" * self.random.randint(3, 9) + f" {name}", "", *self.text(depth + 1), "", "::::"]

    def _notice(self, depth: int) -> list[str]:
        return ["{{% notice tip %}}", *self.text(depth + 1), "{{% /notice %}}"]

    def _expand(self, depth: int) -> list[str]:
        return ['{{% expand "Titel" %}}', *self.text(depth + 1), "{{% /expand %}}"]

    def _list(self, depth: int) -> list[str]:
        inner = [f"  {line}" if line else "" for line in self.text(depth + 1)]
        return ["- Punkt", *inner, "- Schluss"]

    def _quote(self, depth: int) -> list[str]:
        return [f"> {line}" for line in self.text(depth + 1)]

    def _old(self, depth: int) -> list[str]:
        return ["> ## Frage", *self._quote(depth), "{: .challenge}"]

    def _heading(self, depth: int) -> list[str]:  # noqa: ARG002  # one signature
        return ["#" * self.random.randint(1, 6) + " Kopf"]

    def _quiz(self, depth: int) -> list[str]:  # noqa: ARG002  # one signature
        return [
            "{{< quizdown >}}",
            "# Frage",
            "> Hinweis",
            "1. eins",
            "2. zwei",
            "3. drei",
            "",
            "> weil",
            "{{< /quizdown >}}",
        ]

    _kinds = (_paragraph, _paragraph, _code, _div, _notice, _expand, _list, _quote, _old, _heading, _quiz)


@pytest.mark.parametrize("seed", range(60))
def test_words_links_and_pictures_stay(seed: int) -> None:
    source = "\n".join(Author(seed).text())
    kind = KINDS[seed % len(KINDS)]
    found = convert(Foreign("a.md", kind, {}, source))
    rendered = render(found.body, "kurs", Files())
    difference = compare(source, rendered.title, found.goals, found.body, rendered)
    assert difference.none, (source, found.body, difference)
    assert convert(Foreign("a.md", kind, {}, found.body)).body == found.body
    assert convert(Foreign("a.md", kind, {}, source)) == found
    code = re.compile(r"code\d+")
    assert code.findall(found.body) == code.findall(source)


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.sampled_from([*SIGNS, "\n", "\n", "\n\n", " "]) | st.text(max_size=4), max_size=40),
    st.sampled_from(KINDS),
)
def test_nothing_raises_and_no_sign_of_ours_is_left(parts: list[str], kind: Kind) -> None:
    found = convert(Foreign("a.md", kind, {}, "".join(parts), 7))
    assert "\x00" not in found.body
    assert all(fault.line >= 1 for fault in found.faults)
    assert all(word in found.body for word in re.findall(r"\bword\b", "".join(parts))[:1])


@pytest.mark.parametrize(
    "sign",
    [
        "![",
        "{{<",
        "::: a\n",
        ":::\n",
        "> ",
        "`",
        "{{< tabs >}}",
        "[](",
        "<a ",
        "{: .solution}\n",
        "!!! note\n",
    ],
)
def test_hostile_repetition_takes_linear_time(sign: str) -> None:
    def seconds(size: int) -> float:
        source = sign * (size // len(sign))
        best = 9.0
        for _ in range(2):
            begun = time.process_time()
            convert(Foreign("a.md", "carpentries", {}, source))
            best = min(best, time.process_time() - begun)
        return best

    assert seconds(32_000) < 6 * seconds(8_000) + 0.05


def test_the_title_is_the_first_heading() -> None:
    assert converted("Text\n\n## Der *Weg*\n\n# Zwei").title == "Der *Weg*"
    assert converted("```\n# a\n```").title == ""
    assert converted("# Über {{< param x >}}", "hugo").title == "Über x"
    assert converted("").title == ""


def test_faults_name_lines_of_the_foreign_file() -> None:
    found = convert(Foreign("a.md", "hugo", {}, "a\n\n::: callout\n{{< b\nc >}}\n:::\n\n{{< d >}}", 10))
    assert [(fault.code, fault.line) for fault in found.faults] == [("K602", 12), ("K601", 13), ("K601", 17)]


def test_every_line_knows_where_it_comes_from() -> None:
    found = convert(Foreign("a.md", "carpentries", {}, "a\n\n::: callout\nb\n:::\nc", 3))
    lines = dict(zip(found.body.split("\n"), found.lines, strict=True))
    assert (lines["a"], lines["> b"], lines["c"]) == (3, 6, 8)
