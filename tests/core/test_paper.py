"""PDFs by typst: tagged, German, titled; content is data; failures are sentences."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest

from learn.core import paper
from tests.core.pdf_text import text_of

HEADING = {"kind": "heading", "level": 1, "spans": [{"kind": "text", "text": "§ 1 Zweck"}]}
TABLE = {
    "kind": "table",
    "caption": "Daten",
    "widths": [1, 2],
    "head": [[{"kind": "text", "text": "Was"}], [{"kind": "text", "text": "Wie lange"}]],
    "rows": [[[{"kind": "text", "text": "Konto"}], [{"kind": "text", "text": "bis zur Löschung"}]]],
}


def document(*blocks: dict[str, Any], title: str = "Prüfung für Zürich") -> dict[str, Any]:
    return {"title": title, "running": "Netzwerk", "blocks": list(blocks)}


def test_a_paper_is_tagged_german_and_titled() -> None:
    made = paper.pdf("document", document(HEADING, TABLE))
    assert made.startswith(b"%PDF-1.7")
    for part in (b"/StructTreeRoot", b"/Marked true", b"/Lang(de-DE)", b"/DisplayDocTitle true", b"pdfuaid"):
        assert part in made, part
    for tag in (b"/S/H1", b"/S/Table", b"/S/TH", b"/S/TD"):
        assert tag in made, tag
    assert f"/Title<FEFF{'Prüfung für Zürich'.encode('utf-16-be').hex().upper()}>".encode() in made
    for words in ("Prüfung für Zürich", "§ 1 Zweck", "Wie lange", "bis zur Löschung", "Seite 1 von 1"):
        assert words in text_of(made), words


def test_the_same_paper_is_the_same_file() -> None:
    assert paper.pdf("document", document(HEADING)) == paper.pdf("document", document(HEADING))


@pytest.mark.parametrize(
    "hostile",
    [
        '#read("/etc/passwd")',
        '#import "@preview/x:1.0.0": *',
        "$x^2$ *fett* _schräg_ <a> @b",
        '"]); #panic("x")',
    ],
)
def test_what_a_paper_says_is_never_code(hostile: str) -> None:
    spans = [{"kind": "text", "text": hostile}]
    made = paper.pdf("document", document({"kind": "paragraph", "spans": spans}, title=hostile))
    assert made.startswith(b"%PDF-")
    assert text_of(made).count(hostile) >= 2


def test_data_that_does_not_fit_is_a_sentence_with_its_cause() -> None:
    with pytest.raises(paper.NotMade, match="Lesen Sie den Text auf der Seite") as refused:
        paper.pdf("document", {"title": "Ohne Inhalt"})
    assert "does not contain key" in str(refused.value.__cause__)


def test_a_paper_that_takes_too_long_is_given_up() -> None:
    endless = {
        "template": "#for a in range(9999) { for b in range(9999) { let x = calc.pow(a, 2) } }",
        "data": {},
    }
    with pytest.raises(paper.NotMade, match="Versuchen Sie es später"):
        paper.typeset(json.dumps(endless).encode(), limit=0.5)


def test_one_paper_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "WAIT", 0.01)
    with paper._turn, pytest.raises(paper.NotMade, match="andere PDF-Dateien"):
        paper.pdf("document", document())
    assert paper.pdf("document", document())


def test_templates_fetch_and_read_nothing() -> None:
    templates = list(paper.TEMPLATES.glob("*.typ"))
    assert templates
    own = r"bytes\(|item\.name\b|paper\.picture\b"  # what comes with the request
    reaching = re.compile(rf"@preview|#import|#include|\bread\(|\bimage\((?!\s*(?:{own}))")
    assert [path.name for path in templates if reaching.search(path.read_text(encoding="utf-8"))] == []
    assert reaching.search('#import "@preview/x:1.0.0": y')


def test_the_server_never_loads_typst() -> None:
    code = "import sys; from learn.site import papers; print('typst' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_signs_without_a_glyph_are_named_in_a_forgiving_paper() -> None:
    odd = "Start 🚀 jetzt ✅, 漢字, Şırnak, Łódź, 👩‍💻 und ⚠️ Ende"
    paragraph = {"kind": "paragraph", "spans": [{"kind": "text", "text": odd}]}
    with pytest.raises(paper.NotMade):
        paper.pdf("document", document(paragraph))
    shown = text_of(paper.pdf("document", document(paragraph), forgiving=True))
    for words in ("[Rocket]", "✓", "[Schriftzeichen U+6F22 U+5B57]", "Şırnak", "Łódź", "[Woman]", "Ende"):
        assert words in shown, shown
