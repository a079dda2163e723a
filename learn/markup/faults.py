"""Every fault a check can report: its code, how severe it is and what to do, in one German sentence."""

from collections import defaultdict

from learn.markup.model import Fault, Severity

FAULTS: dict[str, tuple[Severity, str]] = {
    "K101": ("error", "Speichern Sie die Datei als UTF-8 ohne Steuerzeichen."),
    "K102": ("error", "Korrigieren Sie den Kopf: {grund}."),
    "K103": ("error", "Ergänzen Sie „{key}“ im Kopf."),
    "K104": ("error", "„{key}“: Erlaubt ist {erwartung}, nicht „{wert}“."),
    "K105": ("warning", "„{key}“ ist unbekannt. Meinten Sie „{vorschlag}“?"),
    "K106": ("error", "Nehmen Sie im Namen nur Kleinbuchstaben, Ziffern, Bindestriche."),
    "K107": ("error", "Benennen Sie um: „{slug}“ ist vergeben."),
    "K108": ("error", "Verkleinern oder teilen Sie: {was} überschreitet {grenze}."),
    "K109": ("error", "Legen Sie „{pfad}“ als echte Datei in den Kursordner."),
    "K110": ("warning", "Vergeben Sie {nn} nur einmal."),
    "K111": ("note", "Verlinken oder löschen Sie die ungenutzte Datei."),
    "K112": ("error", "Legen Sie {datei} an."),
    "K113": ("error", "Setzen Sie mindestens einmal „pflicht: ja“."),
    "K201": ("warning", "Nehmen Sie Markdown. <{element}> {folge}."),
    "K202": ("warning", "Prüfen Sie „{name}“. Es wirkt hier nicht."),
    "K203": ("error", "Verschieben oder schließen Sie die Marke „{name}“."),
    "K204": ("warning", "Gliedern Sie in höchstens 12 Ebenen."),
    "K205": ("warning", "Ergänzen Sie Text oder Stelle der Fußnote [^{x}]."),
    "K206": ("warning", "Prüfen Sie die Formel."),
    "K207": ("warning", "Erklären Sie „{name}“ unter „werte“ in kurs.md."),
    "K208": ("warning", "Gleichen Sie Titel und erste Überschrift an."),
    "K301": ("error", "Starten Sie „learn content ids“."),
    "K302": ("error", "Löschen Sie {id} hier oder in {datei}."),
    "K303": ("error", "Setzen Sie die alte Kennung: {id} war {art}."),
    "K304": ("error", "Behalten Sie {id} oder setzen Sie „ersetzt“: „{titel}“ fehlt."),
    "K305": ("error", "Setzen Sie mindestens Ausgabe {a}."),
    "K306": ("warning", "Heben Sie die Ausgabe, wenn Lernende davon wissen sollen."),
    "K307": ("error", "Nehmen Sie {id} aus „ersetzt“."),
    "K308": ("error", "Starten Sie zuerst „learn content export“."),
    "K309": ("warning", "Vergleichen Sie mit der Fassung der Werkstatt."),
    "K401": ("error", "Setzen Sie die Marke „frage“ unter die Überschrift."),
    "K402": ("error", "Setzen Sie {anzahl} [x]."),
    "K403": ("error", "Schreiben Sie eine lesbare Lösung."),
    "K404": ("error", "Rücken Sie das Zitat ein."),
    "K405": ("error", "Schreiben Sie {von} bis {bis} Antworten."),
    "K406": ("error", "Nehmen Sie „gelesen“ statt „{wert}“."),
    "K407": ("note", "Es gelten die veröffentlichten Fragen."),
    "K408": ("error", "Nennen Sie 1 bis 40 Felder, jedes mit eigenem Namen."),
    "K501": ("error", "Legen Sie „{pfad}“ an, groß und klein wie hier."),
    "K502": ("error", "Beschreiben Sie das Bild oder setzen Sie den Titel „schmuck“."),
    "K503": ("error", "Prüfen Sie das Ziel „{ziel}“."),
    "K504": ("error", "Lassen Sie keine Ebene aus. Nach {a} folgt {b}."),
    "K505": ("warning", "Teilen Sie die Lektion in Stücke bis 15 Minuten."),
    "K506": ("warning", "Schreiben Sie statt „{text}“, wohin der Link führt."),
    "K507": ("warning", "Benennen Sie jede Spalte."),
    "K508": ("warning", "Ergänzen Sie die Abschrift des Videos."),
    "K509": ("error", "Speichern Sie das Bild in einem sicheren Format."),
    "K510": ("warning", "Verkleinern Sie das Bild auf 150 KB."),
    "K511": ("warning", "Gleichen Sie die einfache Fassung an Ausgabe {b} an."),
    "K512": ("warning", "Nennen Sie zwei bis vier Ziele."),
    "K513": ("warning", "Legen Sie das fremde Bild in bilder/."),
    "K601": ("warning", "Ersetzen Sie „{ausschnitt}“. Es erscheint als Text."),
    "K602": ("note", "Sehen Sie nach: „{ausschnitt}“ wurde zu {neu}."),
    "K603": ("note", "Verschieben Sie die Datei, wenn sie eine Lektion ist."),
}
# What stands for a word the finder did not know.
USUAL = {"datei": "dieser Datei", "folge": "erscheint als Text", "anzahl": "genau ein"}


def severity(code: str) -> Severity:
    """`error` blocks publishing. KeyError for a code that does not exist."""
    return FAULTS[code][0]


def sentence(fault: Fault) -> str:
    """The sentence of content.md section 3 with this fault's words."""
    words: dict[str, str] = defaultdict(lambda: "…", USUAL)
    words.update(fault.values)
    return FAULTS[fault.code][1].format_map(words)
