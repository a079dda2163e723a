"""Targets lead where they did, pictures move along, and what leads nowhere stays a link."""

from pathlib import Path

import pytest

from tests.courses.foreign.material import SVG, lesson, run, write


def body(tmp_path: Path, text: str, **more: str) -> tuple[str, list[tuple[str, int]]]:
    """The draft of a text beside a second one, with codes and lines of what was found in it."""
    files = {
        "texte/eins.md": f"# Eins\n\n{text}\n",
        "texte/zwei.md": "# Zwei\n\n## Ein Weg ![x](https://example.org)\n\n<a id='hier'></a>\n\n## Ziel\n",
        "bilder/a b.svg": SVG,
    }
    outcome = run(write(tmp_path / "kurs", {**files, **more}), tmp_path / "out")
    found = [(f.code, f.line) for f in outcome.findings if f.file == "texte/eins.md" and f.code != "K602"]
    return lesson(tmp_path / "out", "eins").read_text().split("---\n", 2)[2].strip(), found


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[z](zwei.md)", "[z](02-zwei.md)"),
        ("[z](/texte/zwei.md)", "[z](02-zwei.md)"),
        ("[z](zwei.html#ziel)", "[z](02-zwei.md#ziel)"),
        ("[z](../zwei/)", "[z](02-zwei.md)"),
        ("[z](ZWEI.md 'Titel')", "[z](02-zwei.md 'Titel')"),
        ("[z](zwei.md#ein-weg-)", "[z](02-zwei.md#ein-weg-x)"),
        ("[z](zwei.md#hier)", "[z](02-zwei.md#ziel)"),
        ("[z](zwei.md#unbekannt)", "[z](02-zwei.md)"),
        ("[z]: zwei.md\n\n[z]", "[z]: 02-zwei.md\n\n[z]"),
        ('<a href="zwei.md">z</a>', '<a href="02-zwei.md">z</a>'),
        ("[z](//example.org/a)", "[z](https://example.org/a)"),
        ("![A](../bilder/a%20b.svg)", "![A](../bilder/a-b.svg)"),
        ("![A](<../bilder/a b.svg> 'T')", "![A](../bilder/a-b.svg 'T')"),
        ("![A](/bilder/a%20b.svg?raw=true)", "![A](../bilder/a-b.svg)"),
        ('<img src="../bilder/a b.svg" alt="A">', '<img src="../bilder/a-b.svg" alt="A">'),
        ("[![A](../bilder/a%20b.svg)](zwei.md)", "[![A](../bilder/a-b.svg)](02-zwei.md)"),
        ("[Bild](../bilder/a%20b.svg)", "[Bild](../bilder/a-b.svg)"),
        ("![A][b]\n\n[b]: ../bilder/a%20b.svg", "![A][b]\n\n[b]: ../bilder/a-b.svg"),
        ("`[z](zwei.md)`", "`[z](zwei.md)`"),
        ("[`z`]: zwei.md\n\n[`z`]", "[`z`]: 02-zwei.md\n\n[`z`]"),
        ("![A](../bilder/a%20b.svg 'schmuck')", "![A](../bilder/a-b.svg)"),
        ("![A][b]\n\n[b]: ../bilder/a%20b.svg 'Schmuck'", "![A][b]\n\n[b]: ../bilder/a-b.svg"),
        ('<img src="../bilder/a b.svg" alt="A" title="schmuck">', '<img src="../bilder/a-b.svg" alt="A" >'),
        ("```\n[z](zwei.md)\n```", "```\n[z](zwei.md)\n```"),
        ("![A](https://example.org/a.png)", "![A](https://example.org/a.png)"),
        ("[m](mailto:a@example.org)", "[m](mailto:a@example.org)"),
        ("[a] (b) \\[c](zwei.md)", "[a] (b) \\[c](zwei.md)"),
    ],
)
def test_targets_lead_on(tmp_path: Path, text: str, wanted: str) -> None:
    found, faults = body(tmp_path, text)
    assert found == f"# Eins\n\n{wanted}"
    assert faults == []


@pytest.mark.parametrize(
    ("text", "wanted", "code"),
    [
        ("[z](fort.md)", '[z](01-eins.md "fort.md")', "K503"),
        ("[z](#fort)", '[z](01-eins.md "#fort")', "K503"),
        ("[z]()", "[z](01-eins.md)", "K503"),
        ("[z](ftp://example.org/x)", '[z](01-eins.md "ftp://example.org/x")', "K503"),
        ("<xref:a_b>", "[xref:a\\_b](01-eins.md)", "K503"),
        ("![A](fort.png)", "![A](../bilder/fort.png)", "K501"),
        ("![](../bilder/a%20b.svg)", '![](../bilder/a-b.svg "schmuck")', "K502"),
        ('<img src="../bilder/a b.svg">', '<img src="../bilder/a-b.svg" title="schmuck">', "K502"),
    ],
)
def test_what_leads_nowhere_stays_and_is_named(tmp_path: Path, text: str, wanted: str, code: str) -> None:
    found, faults = body(tmp_path, text)
    assert found == f"# Eins\n\n{wanted}"
    assert faults == [(code, 3)]


def test_a_picture_within_the_text_becomes_a_file(tmp_path: Path) -> None:
    found, faults = body(tmp_path, "![Punkt](data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=)")
    (file,) = (tmp_path / "out/kurs/bilder").iterdir()
    assert found == f"# Eins\n\n![Punkt](../bilder/{file.name})"
    assert file.read_bytes().startswith(b"GIF89a")
    assert faults == []


def test_pictures_of_the_same_name_stay_apart(tmp_path: Path) -> None:
    found, _ = body(tmp_path, "![A](a/x.svg) ![B](b/X.svg)", **{"texte/a/x.svg": SVG, "texte/b/X.svg": SVG})
    assert found == "# Eins\n\n![A](../bilder/x.svg) ![B](../bilder/x-2.svg)"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("---\ntitle: Titel\n---\n\n# Titel\n\n## A\n", "# Titel\n\n## A"),
        ("---\ntitle: Titel\n---\n\n# Anders\n\n## A\n", "## Anders\n\n### A"),
        ("---\ntitle: Titel\n---\n\nAnders\n===\n\nA\n---\n", "Anders\n---\n\n### A"),
        ("---\ntitle: Titel\n---\n\n<!-- x -->\n\n# Anders\n", "<!-- x -->\n\n## Anders"),
    ],
)
def test_a_heading_that_is_no_title_stays_visible(tmp_path: Path, text: str, wanted: str) -> None:
    run(write(tmp_path / "kurs", {"eins.md": text, "zwei.md": "# Zwei\n"}), tmp_path / "out")
    assert lesson(tmp_path / "out", "eins").read_text().split("---\n", 2)[2].strip() == wanted


def test_a_picture_by_name_without_words_is_decoration(tmp_path: Path) -> None:
    found, faults = body(tmp_path, "![][b]\n\n[b]: ../bilder/a%20b.svg")
    assert found.endswith('\n![](../bilder/a-b.svg "schmuck")\n\n[b]: ../bilder/a-b.svg')
    assert faults == [("K502", 3)]


def test_local_values_of_others_are_links_that_lead_nowhere(tmp_path: Path) -> None:
    found, faults = body(tmp_path, "[z](var:ort)")
    assert found.endswith('[z](01-eins.md "var:ort")')
    assert faults == [("K503", 3)]


def test_texts_in_the_main_language_are_found_without_its_name(tmp_path: Path) -> None:
    more = {"texte/drei.de.md": "# Drei\n\nDeutsch\n", "texte/drei.en.md": "# Three\n\nEnglish\n"}
    found, faults = body(tmp_path, "[a](drei.md) [b](../drei/)", **more)
    assert found.count("-three.md)") + found.count("-drei.md)") == 2
    assert not faults
