"""Formulas: what becomes MathML, what stays TeX, and that nothing harmful comes through."""

import re
import time

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from learn.markup.limits import FORMULAS
from learn.markup.mathml import DEPTH, LONGEST, mathml
from learn.markup.model import Html
from learn.markup.sanitise import sanitise
from learn.markup.store import prefixed
from learn.markup.tokens import apart
from tests.markup.support import faults, flat, html, lesson

WORDS = (
    r"a B 1 21,5 { } ^ _ & \\ ' $ < > \" \frac \sqrt \text{ \mathrm{ \mathbf{ \left( \right) \verb|x| \hbox{ "
    r"\begin{matrix} \end{matrix} \begin{align} \end{align} \href{javascript:x} \style{a} \class{a} "
    r"\color{red} \unicode{x3c} \newcommand{\a}{\a\a} \def\a{b} \hspace{9em} \rule{1em}{9em} \not \limits "
    r"\over \sum \; \! &lt; %"
)
TEX = WORDS.split(" ")
FORMULA = st.lists(st.sampled_from(TEX), max_size=12).map("".join)


def inner(tex: str, *, display: bool = False) -> str:
    """What stands inside the outermost row."""
    found = re.fullmatch(r"<math [^>]*><mrow>(.*)</mrow></math>", mathml(tex, display=display), re.DOTALL)
    return found[1] if found else ""


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "$a_1*b$",
            '<math alttext="a_1*b"><mrow><msub><mi>a</mi><mn>1</mn></msub><mo>*</mo><mi>b</mi></mrow></math>',
        ),
        (
            "$$\na\n= b\n$$",
            '<math alttext="a = b" display="block"><mrow><mi>a</mi><mo>=</mo><mi>b</mi></mrow></math>',
        ),
        ("5 $ und 6 $", "5 $ und 6 $"),
        ("$5 und 6$5", "$5 und 6$5"),
        (r"\$a$", "$a$"),
        (
            r"$\text{a\$b}$",
            r'<math alttext="\text{a\$b}"><mrow><mtext>a\$b</mtext></mrow></math>',
        ),
    ],
)
def test_formulas(source: str, expected: str) -> None:
    assert html(source, formulas=True) == f"<p>{expected}</p>"


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        ("21,5", "<mn>21,5</mn>"),
        ("21{,}5", "<mn>21,5</mn>"),
        (
            "f(1, 2)",
            '<mi>f</mi><mo stretchy="false">(</mo><mn>1</mn><mo>,</mo><mn>2</mn><mo stretchy="false">)</mo>',
        ),
        (r"\mathrm{kWh}", '<mrow><mi mathvariant="normal">kWh</mi></mrow>'),
        (r"\text{1,5 <b>}", "<mtext>1,5\xa0&lt;b&gt;</mtext>"),
        (r"a\!b", '<mi>a</mi><mspace width="-0.167em"></mspace><mi>b</mi>'),
    ],
)
def test_what_is_written_the_german_way_reads_as_one(tex: str, expected: str) -> None:
    assert inner(tex) == expected


def test_aligned_lines_become_a_table() -> None:
    found = inner(r"\begin{aligned}a&=b\\c&=d\end{aligned}", display=True)
    assert found.startswith("<mtable ")
    assert found.count("<mtr>") == 2


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{a}{b",
        "a^",
        r"\left( x",
        r"\unbekannt",
        r"\href{javascript:alert(1)}{x}",
        r"\style{color:red}{x}",
        r"\class{sc-callout}{x}",
        r"\color{red}{x}",
        r"\cancel{x}",
        r"\hspace{99em}",
        r"a \\ b",
        r"\newcommand{\a}{b}\a",
        r"\sqrt " * (DEPTH + 1) + "a",
        "a" * (LONGEST + 1),
        r"\;",
    ],
)
def test_what_cannot_be_taken_over_stays_tex_and_is_reported(tex: str) -> None:
    found = lesson(f"a\n$${tex}$$", formulas=True)
    part = found.parts[0]
    assert isinstance(part, Html)
    assert '<code class="sc-math">' in part.html
    assert "<math" not in part.html
    assert [(fault.code, fault.line) for fault in found.faults] == [("K206", 2)]


def test_without_the_switch_there_are_none() -> None:
    assert flat("$a$") == "<p>$a$</p>"


def test_unbalanced_braces_are_reported() -> None:
    assert faults(r"a" "\n" r"$\frac{a}{b$", formulas=True) == [("K206", 2)]


def test_words_and_hash_know_the_tex() -> None:
    found = lesson("Also $a_1$.", formulas=True)
    assert found.text == "Also a_1."
    assert found.canonical == ["div", {}, ["p", {}, "Also ", ["code", {}, "a_1"], "."]]


def test_long_formulas_can_be_scrolled_where_nothing_around_them_takes_the_focus() -> None:
    long = "$" + "+".join("abcdefghijkl") + "$"
    assert 'tabindex="0"' in html(long, formulas=True)
    assert "tabindex" not in html(f"## {long}\n\n[{long}](https://a.example)", formulas=True)
    assert "tabindex" not in html("$a+b$", formulas=True)


def test_in_quizzes_and_tables() -> None:
    found = lesson("| a |\n|---|\n| $x$ |", formulas=True).parts[0]
    assert isinstance(found, Html)
    assert '<td><math alttext="x">' in found.html


def test_prefixes_leave_formulas_alone() -> None:
    parts = lesson("## A\n\n$a<b$ [A](#a) $c$\n", formulas=True).parts
    (found,) = prefixed(parts, "les_1")
    assert isinstance(found, Html)
    assert found.html.count("<math alttext=") == 2
    assert 'id="les_1-s-a"' in found.html
    assert 'href="#les_1-s-a"' in found.html


def test_all_formulas_of_a_text_share_one_budget() -> None:
    one = "a'" * (LONGEST // 2)
    text = "\n\n".join([f"$${one}$$"] * (FORMULAS // LONGEST + 2))
    start = time.process_time()
    found = lesson(text, formulas=True)
    assert time.process_time() - start < 2
    assert [fault.code for fault in found.faults] == ["K206", "K206"]


@given(FORMULA, st.booleans())
def test_any_formula_gives_known_elements_only(tex: str, display: bool) -> None:
    found = mathml(tex, display=display)
    tree = html5lib.parseFragment(found, namespaceHTMLElements=False)
    names = {node.tag for node in tree.iter()} - {"DOCUMENT_FRAGMENT"}
    assert all(re.fullmatch(r"\{http://www.w3.org/1998/Math/MathML\}m[a-z]+", name) for name in names)
    attributes = {name for node in tree.iter() for name in node.attrib}
    assert not attributes & {"href", "style", "class", "id", "mathcolor", "mathbackground"}


@given(st.lists(st.one_of(FORMULA, st.sampled_from(["$", "$$", " ", "\n", "*", "⟦a:0⟧", "<b>"])), max_size=9))
def test_around_formulas_the_html_is_clean(pieces: list[str]) -> None:
    for part in lesson("".join(pieces), formulas=True).parts:
        assert isinstance(part, Html)
        assert apart(part.html, sanitise) == part.html


def test_no_element_stands_in_a_leaf_where_it_would_be_one_of_html() -> None:
    assert mathml("\\mathopen=", display=False) == ""
