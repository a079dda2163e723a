"""The table of faults."""

import pytest

from learn.markup import faults
from learn.markup.model import Fault


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Fault("K101", 1), "Speichern Sie die Datei als UTF-8 ohne Steuerzeichen."),
        (
            Fault("K105", 1, {"key": "tittel", "vorschlag": "titel"}),
            "„tittel“ ist unbekannt. Meinten Sie „titel“?",
        ),
        (Fault("K201", 1, {"element": "font", "folge": "entfällt"}), "Nehmen Sie Markdown. <font> entfällt."),
        (Fault("K402", 1, {"anzahl": "mindestens ein"}), "Setzen Sie mindestens ein [x]."),
        (Fault("K302", 1, {"id": "a"}), "Löschen Sie a hier oder in dieser Datei."),
        (Fault("K504", 1, {"a": "##", "b": "###"}), "Lassen Sie keine Ebene aus. Nach ## folgt ###."),
        (Fault("K503", 1, {"ziel": "{x} {0}"}), "Prüfen Sie das Ziel „{x} {0}“."),
        (Fault("K503", 1), "Prüfen Sie das Ziel „…“."),
    ],
)
def test_sentences(fault: Fault, sentence: str) -> None:
    assert faults.sentence(fault) == sentence


@pytest.mark.parametrize(("code", "severity"), [("K203", "error"), ("K204", "warning"), ("K407", "note")])
def test_severities(code: str, severity: str) -> None:
    assert faults.severity(code) == severity


def test_every_code_is_there() -> None:
    groups = {1: 13, 2: 8, 3: 9, 4: 8, 5: 13, 6: 3}
    assert {group: sum(code[1] == str(group) for code in faults.FAULTS) for group in groups} == groups
    assert all(faults.sentence(Fault(code, 1)).endswith((".", "?")) for code in faults.FAULTS)
