"""Profile `gfm` beside markdown-it-py: the same counts of elements for a snippet of every construct."""

from collections import Counter

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from learn.markup import render
from learn.markup.model import Html
from learn.markup.names import names

REFERENCE = MarkdownIt("gfm-like").use(footnote_plugin)
BLOCKS = names("h1 h2 h3 h4 h5 h6 ul ol li pre blockquote table tr hr img")
COUNTED = BLOCKS | names("a code del em strong")
SNIPPETS = [
    "# A\n\n## B\n\nC\n===\n\nD\n---\n",
    'Text\n\n![Alt](bilder/a.svg "Titel")\n',
    "Tabelle: x\n\n| a | b |\n|---|:-:|\n| **1** | `a\\|b` |\n| 3 |\n> Zitat\n",
    "> [!TIP]\n> a\n\n> [!NOTE]\n> b\n",
    "> **Aus der Praxis: X**\n>\n> Text\nweiter\n",
    "<details>\n<summary>T</summary>\n\n- *a*\n\n</details>\n",
    "<!-- tabs -->\n\n### A\n\n1. a\n   - b\n2. c\n   ```\n   d\n   ```\n\n<!-- /tabs -->\n",
    "a[^x] b[^y] c[^x]\n\n[^x]: X\n\n    mehr\n\n[^y]: Y\n",
    "[Wort](../glossar.md#wort) [Wert](var:name) [Ref][r] [r]\n\n[r]: /x 'T'\n",
    "- [x] a\n- [ ] b\n\n  > c\n",
    "[Video: x](https://v.example/x)\n\n~~a~~ __b__ *c **d***\n",
    "```python\na\n```\n\n    b\n\n~~~\nc\n~~~\n",
    "Unter https://a.example/b_c. und www.example.org, post@example.org, README.md\n",
    "Zeile\\\nZeile  \nZeile\n***\n- a\n\n\n- b\n* c\n    - d\n      - e\n",
    "<!-- quiz id=q -->\n\n### F\n<!-- frage id=f -->\n> h\n\n1. [ ] a\n    > f\n\n> e\n\n<!-- /quiz -->\n",
    "<!-- fahrplan id=p -->\n- **A:** b\n\n| a | b |\n|---|---|\n| x | |\n| | |\n\n<!-- /fahrplan -->\n",
    "<div>\n*a*\n</div>\n\n<p>b</p>\n<!-- c\n\nd -->\ne <b>*f*</b>\n",
    "1. a\n1. b\n3) c\n\nText\n2. kein\n1. doch\n",
]


def counts(html: str, tags: frozenset[str]) -> Counter[str]:
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    for parent in list(tree.iter()):
        for child in list(parent):
            if "footnotes" in (child.get("class") or ""):
                parent.remove(child)
    found = ("del" if node.tag == "s" else node.tag for node in tree.iter())
    return Counter(name for name in found if name in tags)


def both(text: str, tags: frozenset[str]) -> tuple[Counter[str], Counter[str]]:
    part = render(text, "gfm").parts[0]
    assert isinstance(part, Html)
    return counts(part.html, tags), counts(REFERENCE.render(text), tags)


@pytest.mark.parametrize("source", SNIPPETS)
def test_snippets(source: str) -> None:
    ours, theirs = both(source, COUNTED)
    assert ours == theirs


# Without what markdown-it itself reads unlike CommonMark: empty items, lazy lines indented by four.
FULL = st.tuples(
    st.sampled_from(["", "", "  ", "> ", "- ", "1. "]),
    st.sampled_from(["", "", "> ", "- ", "# "]),
    st.sampled_from(["a", "b *c*", "---", "```", "d `e`", "f  ", "**g", "==="]),
).map("".join)
LINES = st.lists(st.one_of(st.just(""), st.just("|h|\n|-|\n|1|"), FULL), max_size=8).map("\n".join)


@given(LINES)
def test_block_structure_of_anything(text: str) -> None:
    ours, theirs = both(text, BLOCKS)
    assert ours == theirs
