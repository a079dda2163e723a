"""`/was-diese-plattform-nicht-kann`: the fact sheet for staff councils, each sentence with its test.

`tests/house/test_claims.py` refuses a claim whose test does not exist, is skipped or is not collected.
"""

from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from learn.core.access import visitor
from learn.core.web import page
from learn.site.blueprint import pages


@dataclass(frozen=True, slots=True)
class Claim:
    """What the platform cannot do, how that comes, and the test (node id) that fails should it change."""

    sentence: str
    how: str
    test: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """Claims of one kind."""

    title: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """What the platform does not prevent, and what helps."""

    sentence: str
    help: str


CHAPTERS = (
    Chapter(
        "Niemand sieht, was Sie lernen",
        (
            Claim(
                "Keine Seite zeigt, was eine andere Person lernt.",
                "Die Prüfung vergleicht einen Tag, an dem jemand lernt, mit demselben Tag ohne das. "
                "Alle Seiten jeder Rolle, alle E-Mails und das Protokoll des Servers sind Zeichen für "
                "Zeichen gleich, auch für Koordination und Betrieb.",
                "tests/site/test_privacy.py::test_learning_changes_no_byte_for_anybody_else",
            ),
            Claim(
                "Der Lernstand lässt sich nicht über eine Adresse oder ein Formular für andere abrufen.",
                "Nur der Teil des Programms, der Ihnen Ihren eigenen Stand zeigt, liest ihn überhaupt. "
                "Er nimmt die Person aus der Anmeldung, nie aus einer Eingabe.",
                "tests/house/test_matrix.py::test_only_learning_itself_reads_anybodys_log",
            ),
            Claim(
                "Antworten auf „Kurz geprüft“ kann niemand nachlesen.",
                "Sie werden ausgewertet und nicht gespeichert.",
                "tests/site/test_cannot.py::test_judging_a_self_check_stores_nothing",
            ),
            Claim(
                "Ein nicht bestandener Abschlusstest bleibt unsichtbar.",
                "Nur das Bestehen wird gespeichert, für Sie allein.",
                "tests/site/test_final.py::test_failing_names_lessons_and_stores_nothing",
            ),
            Claim(
                "Wer Kurse pflegt, erfährt nicht, wer sie liest.",
                "Vor dem Veröffentlichen nennt die Werkstatt, wie viele Lernende eine Änderung bemerken. "
                "Zahlen unter fünf nennt sie nicht, auch nicht auf der Kommandozeile.",
                "tests/courses/test_report.py::test_fewer_than_five_people_are_no_number",
            ),
            Claim(
                "Aus den Zahlen zu einem Kurs kann niemand auf eine bis vier Personen schließen, "
                "auch nicht durch Abziehen oder durch den Vergleich zweier Tage.",
                "Gezählt wird einmal am Tag über das ganze Netzwerk, nie je Kommune. "
                "Zwei Zahlen, die ein Kurs je gezeigt hat, sind gleich oder liegen mindestens fünf "
                "auseinander. Die Prüfung spielt mit kleinen erfundenen Gruppen durch, was jemand daraus "
                "schließen kann.",
                "tests/learning/test_figures_properties.py::"
                "test_nobody_can_be_sure_of_a_few_people_not_even_by_knowing_the_rule",
            ),
            Claim(
                "Wem etwas unklar ist, erfährt niemand.",
                "Nur ein Teil des Programms zählt Lernende, und er gibt keine Namen heraus.",
                "tests/house/test_figures.py::test_learners_are_counted_in_one_place",
            ),
        ),
    ),
    Chapter(
        "Nichts misst Personen",
        (
            Claim(
                "Keine Punkte, keine Ranglisten, keine Serien, kein „zuletzt gesehen“.",
                "Keine Tabelle hat dafür ein Feld. Eine neue Spalte dieser Art hält die Prüfung auf.",
                "tests/house/test_tables.py::test_no_column_measures_a_person",
            ),
            Claim(
                "Wie lange und zu welcher Uhrzeit Sie lernen, lässt sich nicht feststellen.",
                "Der Lernstand besteht aus Tagen. Uhrzeiten und Dauern werden nicht gespeichert.",
                "tests/site/test_cannot.py::test_learning_is_kept_by_day",
            ),
            Claim(
                "Eine Seite aufzurufen hinterlässt keine Spur in der Datenbank.",
                "Die Prüfung ruft jede Seite auf und vergleicht danach den Inhalt aller Tabellen. "
                "Nur im Forum merkt sich die Plattform für Sie, bis zu welchem Beitrag Sie gelesen haben. "
                "Tag und Uhrzeit stehen nicht dabei.",
                "tests/site/test_cannot.py::test_opening_every_page_changes_no_table",
            ),
            Claim(
                "Ihre Geräteliste verrät nicht, wann Sie zuletzt da waren.",
                "Sie kennt je Gerät den ersten Tag und den letzten, an dem die Anmeldung gilt. "
                "Benutzen ändert daran nichts.",
                "tests/site/test_cannot.py::test_a_session_tells_nothing_of_its_use",
            ),
            Claim(
                "Ein Passkey zählt nicht, wie oft Sie sich anmelden.",
                "Der Zähler, den manche Passkeys mitschicken, wird nicht gespeichert.",
                "tests/site/test_cannot.py::test_a_passkey_keeps_no_counter",
            ),
        ),
    ),
    Chapter(
        "Im Forum zählt, was geschrieben wird, nicht wer",
        (
            Claim(
                "Niemand erfährt, was Sie im Forum gelesen haben oder wem Sie folgen.",
                "In der Prüfung liest und folgt jemand einmal allem und einmal nichts. "
                "Was andere sehen, bekommen und herunterladen, ist beide Male Zeichen für Zeichen gleich.",
                "tests/forum/test_behaviour.py::test_reading_and_following_change_nothing_for_anybody_else",
            ),
            Claim(
                "Keine Seite nennt Punkte, Ranglisten, Antwortzeiten oder wer zuletzt da war.",
                "Die Prüfung öffnet alle Seiten in jeder Rolle und sucht nach solchen Wörtern.",
                "tests/forum/test_behaviour.py::test_no_page_ranks_or_watches_anybody",
            ),
            Claim(
                "Wer einen Beitrag meldet, bleibt für dessen Verfasserin oder Verfasser unbekannt.",
                "In der Prüfung melden zwei verschiedene Personen. Was die schreibende sieht, ist gleich.",
                "tests/forum/test_behaviour.py::test_authors_never_learn_who_reported",
            ),
            Claim(
                "„Ich auch“ und „Hat geholfen“ zeigen nur eine Zahl von Kommunen, nie Personen.",
                "Wer von zwei Personen einer Kommune drückt, macht auf keiner Seite einen Unterschied.",
                "tests/forum/test_behaviour.py::test_reactions_show_towns_and_no_people",
            ),
            Claim(
                "Wer einen Feed abruft, hinterlässt keine Spur.",
                "Die Prüfung ruft Feeds mit und ohne Schlüssel ab und vergleicht danach alle Tabellen.",
                "tests/forum/test_feeds.py::test_asking_leaves_no_trace",
            ),
        ),
    ),
    Chapter(
        "Auch nebenbei entsteht kein Profil",
        (
            Claim(
                "Was Sie in der Werkstatt tippen, sieht niemand, bevor Sie speichern.",
                "Der Verlauf kennt nur gespeicherte Stände. Ein ungespeicherter Text gehört zu Ihrem Konto. "
                "Er geht mit dem Speichern, sonst nach 30 Tagen.",
                "tests/workshop/test_editing.py::test_nobody_else_sees_what_is_typed",
            ),
            Claim(
                "Das Protokoll des Servers nennt keine Person.",
                "Eine Zeile hält Zeit, Art der Seite, Ergebnis und Rechenzeit fest. Konto, genaue Adresse, "
                "IP-Adresse und Suchwörter stehen nicht darin.",
                "tests/core/test_logs.py::test_a_line_holds_these_fields_and_no_others",
            ),
            Claim(
                "Auch das Anmelden schreibt keinen Namen ins Protokoll.",
                "Von einer abgelehnten Anmeldung bleibt eine Prüfsumme, deren Schlüssel täglich wechselt.",
                "tests/accounts/test_views.py::test_the_log_names_nobody",
            ),
            Claim(
                "Ihr Browser wird nicht verfolgt.",
                "Es gibt nur Cookies für die Anmeldung, die Darstellung und noch nicht abgesendete Texte.",
                "tests/site/test_cannot.py::test_no_page_sets_another_cookie",
            ),
            Claim(
                "Kein fremder Server erfährt, dass Sie hier sind.",
                "Schriften, Symbole und Skripte kommen von dieser Installation. Ein echter Browser ruft "
                "die Seiten auf und zählt fremde Anfragen: keine.",
                "tests/journeys/test_audit.py::test_a_page_passes_all_checks",
            ),
        ),
    ),
    Chapter(
        "Sichtbar ist nur, was Sie zeigen",
        (
            Claim(
                "Niemand steht ohne eigene Zustimmung auf einer Seite der Kommune.",
                "Genannt wird nur, wer im eigenen Profil „Als Kontakt zeigen“ wählt.",
                "tests/site/test_towns.py::test_people_who_are_no_contacts_are_not_named",
            ),
            Claim(
                "Von einem gelöschten Konto bleiben weder Name noch Adresse.",
                "Die Prüfung sucht danach in allen Tabellen, in den Dateien und in einer neuen Sicherung. "
                "Ältere Sicherungen gibt es, bis der Betrieb sie ersetzt.",
                "tests/accounts/test_erasing.py::test_no_trace_is_left_and_the_other_is_untouched",
            ),
        ),
    ),
    Chapter(
        "Wer verwaltet, kann das nicht heimlich tun",
        (
            Claim(
                "Niemand greift in ein Konto ein, ohne dass es im Protokoll steht.",
                "Sperren, Schließen, Rollen, Links, Geräte: Jeder Eingriff schreibt genau einen Eintrag mit "
                "Kennung und Grund, nie mit Namen.",
                "tests/accounts/test_staff.py::test_each_action_leaves_one_entry_and_ends_sessions",
            ),
            Claim(
                "Kein Eintrag über Ihr Konto bleibt Ihnen verborgen.",
                "Sie lesen und drucken alle unter „Meine Daten“.",
                "tests/accounts/test_own_data.py::test_own_entries_of_the_log_are_shown_without_names",
            ),
            Claim(
                "Einträge im Protokoll der Verwaltung lassen sich nicht ändern und nicht vorzeitig löschen.",
                "Die Datenbank selbst verweigert es, bis ein Jahr vergangen ist.",
                "tests/core/test_migrate.py::test_the_audit_log_refuses_changes_until_its_retention_ends",
            ),
            Claim(
                "Auf keiner Seite kann sich jemand als eine andere Person anmelden.",
                "Dafür gibt es keine Funktion. Eine Sitzung beginnt nur, wo sich jemand selbst ausweist. "
                "Was der Betrieb auf der Kommandozeile kann, steht unten.",
                "tests/house/test_claims.py::test_only_signing_in_opens_a_session",
            ),
        ),
    ),
)
LIMITS = (
    Limit(
        "Wer den Server oder eine Datensicherung verwaltet, kann technisch alles lesen, auch Lernstände.",
        "Benennen Sie diese Personen, und verpflichten Sie sie auf Vertraulichkeit.",
    ),
    Limit(
        "Der Betrieb kann die Daten einer Person auf der Kommandozeile ausgeben.",
        "Das ist für Auskünfte nötig und steht danach im Protokoll der Verwaltung.",
    ),
    Limit(
        "Der Betrieb kann auf der Kommandozeile ein neues Passwort für ein Konto setzen und damit hinein.",
        "Ihr eigenes gilt dann nicht mehr, Sie bekommen eine E-Mail, und der Eingriff steht im Protokoll.",
    ),
    Limit(
        "Was Sie selbst zeigen, drucken oder herunterladen, schützt die Plattform nicht.",
        "Dass es niemand von Ihnen verlangt, regelt die Dienstvereinbarung.",
    ),
    Limit(
        "Wer die Adresse eines Nachweises hat, sieht Kurs, Ausgabe, Tage und Inhalt.",
        "Nachweise gibt es nur, wenn Sie sie ausstellen. Sie wählen, ob Ihr Name dabeisteht, und können sie "
        "zurückziehen.",
    ),
    Limit(
        "Der Anmeldedienst Ihrer Kommune erfährt, wann Sie sich über ihn anmelden.",
        "Mit Passwort oder Passkey erfährt er es nicht.",
    ),
    Limit(
        "Das Netz Ihrer Dienststelle kann sehen, dass Sie diese Plattform aufrufen.",
        "Welche Seite Sie lesen, sieht es über https nicht.",
    ),
    Limit(
        "Was Sie im Forum unter Ihrem Namen oder Ihrer Funktion schreiben, sehen andere mit Tag und Uhrzeit.",
        "Sie wählen bei jedem Beitrag zwischen Name und Funktion und bei jeder Frage, wer mitliest.",
    ),
    Limit(
        "Wer Kurse schreibt, sieht in der Werkstatt, wer welchen Stand mit Tag und Uhrzeit gespeichert hat.",
        "Das sehen nur sie. Ein Stand bleibt höchstens ein Jahr, der Name geht mit dem Konto.",
    ),
    Limit(
        "Ab fünf Personen sehen sie, wie viele einen Kurs oder eine Lektion abgeschlossen haben, "
        "wie vielen etwas unklar ist, wie viele gefragt haben und wie viele eine Änderung bemerken werden.",
        "Namen und Kommunen stehen nie dabei. Wozu die Zahlen dienen, regelt die Dienstvereinbarung.",
    ),
    Limit(
        "An welchem Tag eine dieser Zahlen um fünf steigt, lässt sich beobachten. "
        "Wer mehrere Konten hat, wird mehrfach gezählt.",
        "Konten gibt es nur auf Einladung oder mit einer dienstlichen Adresse.",
    ),
    Limit(
        "Veröffentlicht der Betrieb einen Kurs auf der Kommandozeile, nennt sie ihm ab fünf Personen genaue "
        "Zahlen. Wer sie oft vergleicht, sieht sie steigen.",
        "Auch dort stehen weder Namen noch Kommunen.",
    ),
)


@pages.get("/was-diese-plattform-nicht-kann", access=visitor)
def cannot() -> ResponseReturnValue:
    return page("site/cannot.html", chapters=CHAPTERS, limits=LIMITS)
