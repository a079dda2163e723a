"""Front matter: restricted YAML, hostile cases refused fast and with their line, typed values."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learn.courses import frontmatter, heads
from learn.courses.frontmatter import Front, Mapping, Scalar
from learn.courses.heads import FileKind, Head


def split(head: str) -> Front:
    return frontmatter.split(f"---\n{head}\n---\nText\n")


def lesson(head: str, kind: FileKind = "lektion") -> Head:
    return heads.read(split(head), kind)


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: &d [*c, *c]\ne: [*d, *d]"


@pytest.mark.parametrize(
    ("head", "line"),
    [
        (BOMB, 2),
        ("a: 1\nb: *a", 3),
        ("a: 1\n<<: {b: 1}", 3),
        ("a: !!python/object:os.system x", 2),
        ("a: ! x", 2),
        ("- " * 4000, 2),
        ("[" * 8000, 2),
        ("{a: " * 2000, 2),
        ("a:\n  b:\n    c:\n      d:\n        e: 1", 6),
        ("a: 1\na: 2", 3),
        ("? [a]\n: b", 2),
        ("a: 'x\nb: 1", 2),
        ("a: [x\nb: 1", 2),
        ("a: b: c", 2),
        ("a: 1\n\tb: 2", 3),
        ("%YAML 1.1", 3),
        ("...\nb: 1", 2),
        ("just a sentence", 2),
        ("- a", 2),
        ("a: \ufffe", 2),
        ("a: 1\n b: 2", 3),
        ("&x a: 1", 2),
        ("*", 2),
        ("a: >\n x\n\n\n b\nc: d: e", 7),
        ("a 1\nb: 2", 2),
        ("a: 1\nb 2\n\nc: 3", 3),
    ],
)
def test_hostile_front_matter_is_refused_at_once_with_its_line(head: str, line: int) -> None:
    started = time.thread_time()
    front = split(head)
    assert time.thread_time() - started < 1
    assert [(fault.code, fault.line) for fault in front.faults] == [("K102", line)]
    assert front.tree is None


def test_scalars_stay_text() -> None:
    tree = split("a: no\nb: 12:30:45\nc: 0x10\nd: 2024-02-30\ne: ~\nf: 1_000\ng: 'ja'").tree
    assert isinstance(tree, Mapping)
    texts = [node.text for node in tree.items.values() if isinstance(node, Scalar)]
    assert texts == ["no", "12:30:45", "0x10", "2024-02-30", "~", "1_000", "ja"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_alike_whatever_ends_them(end: str) -> None:
    front = frontmatter.split(end.join(["---", "a: 1", "b: 2", "---", "", "Text", ""]))
    assert isinstance(front.tree, Mapping)
    assert front.tree.lines == {"a": 2, "b": 3}
    assert (front.body, front.body_line) == ("\nText\n", 5)


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029"])
def test_what_only_yaml_takes_for_a_line_end_moves_no_line(end: str) -> None:
    assert split(f"a: x{end}y\nb: '").faults[0].line == 3
    assert split(f"a: x{end}b: c").faults[0].line == 2
    tree = split(f"a: x{end}y\nb: z").tree
    assert tree is not None
    assert tree.lines == {"a": 2, "b": 3}


@pytest.mark.parametrize("text", ["", "Text", "---\na: 1\n", "\n---\na: 1\n---\n"])
def test_missing_front_matter_is_named_in_line_1(text: str) -> None:
    assert [(fault.code, fault.line) for fault in frontmatter.split(text).faults] == [("K102", 1)]


@given(st.text(max_size=400))
def test_no_text_raises(text: str) -> None:
    for written in (text, f"---\n{text}\n---\n"):
        for kind in heads.KEYS:
            assert heads.read(frontmatter.split(written), kind).faults


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ausgabe: 01", 1),
        ("dauer: 8min", 8),
        ("dauer: 60", 60),
        ("pflicht: nein", False),
        ("geprueft: 2024-02-29", "2024-02-29"),
        ("lizenz: geschuetzt", "geschuetzt"),
        ("titel: '  viel   Platz '", "viel Platz"),
    ],
)
def test_values_are_converted_as_their_key_demands(line: str, expected: object) -> None:
    head = lesson(line)
    assert head.values[line.split(":", maxsplit=1)[0]] == expected


@pytest.mark.parametrize(
    "line",
    [
        "ausgabe: 0",
        "ausgabe: 1.0",
        "ausgabe: ١",
        "ausgabe: 99999999999",
        "ausgabe: [1]",
        "dauer: 61",
        "dauer: 8 min",
        "dauer: acht",
        "pflicht: yes",
        "pflicht: Ja",
        "geprueft: 2023-02-29",
        "geprueft: 2024-13",
        "geprueft: gestern",
        "lizenz: cc0",
        "ziele: eins",
        "ziele: []",
        "ziele: [a, b, c, d, e]",
        "voraussetzung: les_aaaaaaaa",
        "voraussetzung: [mod_aaaaaaaa]",
        "ersetzt: [kur_aaaaaaaa]",
        "autoren: {a: b}",
        "autoren: ['']",
        'titel: "a\\x00b"',
        f"titel: {'x' * 121}",
        "aenderung: ''",
        "id: les_AAAAAAAA",
        "id: les_aaaaaaa",
    ],
)
def test_wrong_values_are_refused_in_their_line(line: str) -> None:
    faults = [fault for fault in lesson(f"formeln: nein\n{line}").faults if fault.code == "K104"]
    assert [fault.line for fault in faults] == [3]
    assert faults[0].values["key"] == line.split(":", maxsplit=1)[0]


def test_an_unknown_key_gets_the_nearest_one() -> None:
    fault = next(fault for fault in lesson("vorraussetzung: []").faults if fault.code == "K105")
    assert fault.values == {"key": "vorraussetzung", "vorschlag": "voraussetzung"}


def test_local_values_are_pairs_of_name_and_explanation() -> None:
    head = lesson("werte:\n  stelle: Wer hilft\n  amt_2: Welches Amt", "kurs")
    assert head.pairs("werte") == (("stelle", "Wer hilft"), ("amt_2", "Welches Amt"))
    assert any(fault.code == "K104" for fault in lesson("werte: [a]", "kurs").faults)
    assert any(fault.code == "K104" for fault in lesson("werte: {A b: c}", "kurs").faults)
