"""Why staff do something with an account: a fixed list, because the audit log must hold no names."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "wunsch": "Die Person hat darum gebeten",
    "aufgabe": "Ihre Aufgabe hat sich geändert",
    "ausgeschieden": "Sie arbeitet nicht mehr für die Kommune",
    "geraet": "Gerät oder Telefon verloren",
    "passwort": "Passwort vergessen oder noch keines gewählt",
    "verdacht": "Verdacht, dass jemand anderes das Konto benutzt",
    "regeln": "Verstoß gegen die Regeln des Netzwerks",
    "geklaert": "Der Anlass der Sperre ist geklärt",
    "versehen": "Ein Versehen wird berichtigt",
}
