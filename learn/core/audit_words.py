"""The audit log in German: what was done, by whom, to whom, why. One mapping; a test finds every action."""

from collections.abc import Mapping

from learn.core import audit

ACTIONS: Mapping[str, str] = {
    "anfrage.adresse.abgelehnt": "Neue Adresse abgelehnt",
    "anfrage.konto.abgelehnt": "Anfrage nach einem Konto abgelehnt",
    "anfrage.wechsel.abgelehnt": "Wechsel der Kommune abgelehnt",
    "anmeldedienst.angelegt": "Anmeldedienst angelegt",
    "anmeldedienst.entfernt": "Anmeldedienst entfernt",
    "anmeldedienst.geaendert": "Anmeldedienst geändert",
    "einladung.erstellt": "Einladung geschrieben",
    "einladung.zurueckgezogen": "Einladung zurückgezogen",
    "freigabe.vier_augen_an": "Zweites Paar Augen verlangt",
    "freigabe.vier_augen_aus": "Zweites Paar Augen nicht mehr verlangt",
    "instanz.gesichert": "Sicherung angelegt",
    "instanz.wiederhergestellt": "Sicherung eingespielt",
    "klasse.angelegt": "Klasse angelegt",
    "klasse.beigetreten": "Kommune in die Klasse aufgenommen",
    "klasse.geaendert": "Klasse geändert",
    "klasse.kurs_entfernt": "Kurs aus der Klasse entfernt",
    "klasse.kurs_gewaehlt": "Kurs für die Klasse gewählt",
    "klasse.kurse_geordnet": "Kurse der Klasse neu geordnet",
    "klasse.link_erneuert": "Beitrittslink der Klasse erneuert",
    "klasse.link_geoeffnet": "Beitrittslink der Klasse angelegt",
    "klasse.link_geschlossen": "Beitrittslink der Klasse geschlossen",
    "klasse.verlassen": "Kommune aus der Klasse entfernt",
    "kommune.domain_entfernt": "Domain der Kommune entfernt",
    "kommune.domain_ergaenzt": "Domain der Kommune ergänzt",
    "kommune.geaendert": "Angaben der Kommune geändert",
    "kommune.rolle": "Rolle der Kommune geändert",
    "kommunen.eingelesen": "Kommunen eingelesen",
    "konto.abgemeldet": "Überall abgemeldet",
    "konto.adresse": "Adresse geändert",
    "konto.angelegt": "Konto angelegt",
    "konto.aufgenommen": "Einladung angenommen",
    "konto.ausgegeben": "Daten der Person ausgegeben",
    "konto.eingeladen": "Einladung verschickt",
    "konto.entsperrt": "Sperre aufgehoben",
    "konto.geloescht": "Konto gelöscht",
    "konto.geschlossen": "Konto geschlossen",
    "konto.gesperrt": "Konto gesperrt",
    "konto.getrennt": "Anmeldedienst getrennt",
    "konto.kommune": "Kommune gewechselt",
    "konto.passwort": "Passwort neu gesetzt",
    "konto.passwort_link": "Link für ein neues Passwort verschickt",
    "konto.rollen": "Rollen geändert",
    "konto.verknuepft": "Anmeldedienst verknüpft",
    "konto.wiedergeoeffnet": "Löschung rückgängig gemacht",
    "konto.zweiter_faktor": "Authenticator-App entfernt",
    "kurs.veroeffentlicht": "Kurs veröffentlicht",
    "kurs.zurueckgenommen": "Kurs auf eine andere Veröffentlichung gestellt",
    "nachweis.schluessel": "Schlüssel der Nachweise erneuert",
    "personen.eingelesen": "Personen eingelesen",
    "thema.abgelehnt": "Vorgeschlagenes Thema abgelehnt",
    "thema.angelegt": "Thema angelegt",
    "thema.angenommen": "Vorgeschlagenes Thema angenommen",
    "thema.eingeordnet": "Thema einem anderen zugeordnet",
    "thema.geordnet": "Reihenfolge der Themen geändert",
    "thema.synonym_entfernt": "Synonym eines Themas entfernt",
    "thema.synonym_ergaenzt": "Synonym eines Themas ergänzt",
    "thema.umbenannt": "Thema umbenannt",
}
ROLES: Mapping[str, str] = {
    "expert": "Kontakt",
    "trainer": "Lernbegleitung",
    "coordinator": "Koordination",
    "operator": "Betrieb",
}
REASONS: dict[str, str] = {}  # sentences of the lists that forms offer, registered with those lists
PLACES: Mapping[str, str] = {
    audit.COMMAND_LINE: "Kommandozeile",
    audit.INSTANCE: "Installation",
    "automatisch": "Programm, nach einer Frist",
    "demo": "Vorführung",
    "ohne-konto": "Adresse ohne Konto",
}
KINDS: Mapping[str, str] = {
    "person": "Konto",
    "personen": "Konten",
    "kommune": "Kommune",
    "klasse": "Klasse",
    "anmeldedienst": "Anmeldedienst",
    "thema": "Thema",
    "kurs": "Kurs",
}


def action(name: str) -> str:
    """What was done."""
    return ACTIONS.get(name, name)


def who(name: str) -> str:
    """An actor or subject: „Konto 12“, „Kommandozeile“."""
    kind, _, number = name.partition(":")
    if number and kind in KINDS:
        return f"{KINDS[kind]} {number.replace('-', ' bis ') if kind == 'personen' else number}"
    return PLACES.get(name, name)


def account(name: str) -> int | None:
    """The number of the account that an actor or subject is."""
    kind, _, number = name.partition(":")
    return int(number) if kind == "person" and number.isdigit() else None


def reason(text: str) -> str:
    """Why: reasons of the lists as sentences, roles in German, the rest as it stands."""
    if text.startswith("kur_"):
        return f"Kurs {text}"
    key, mark, more = text.partition(": ")
    sentence = REASONS.get(key)
    if sentence is None:
        return _german(text)
    return f"{sentence.rstrip('.')}: {_german(more)}" if mark else sentence


def _german(text: str) -> str:
    return ", ".join(ROLES.get(word) or who(word) for word in text.split(", "))
