"""Click's own words in German. Click asks gettext, which would ask the environment for a language."""

from gettext import gettext, ngettext

import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.types

WORDS = {
    "Aborted!": "Abgebrochen.",
    "Options": "Optionen",
    "Positional arguments": "Angaben",
    "Commands": "Befehle",
    "Usage:": "Aufruf:",
    "Show this message and exit.": "Diese Hilfe zeigen.",
    "default: {default}": "sonst: {default}",
    "required": "nötig",
    "Missing command.": "Nennen Sie einen Befehl.",
    "Missing argument": "Es fehlt",
    "Missing option": "Es fehlt",
    "Missing parameter": "Es fehlt",
    "No such option {name!r}.": "Die Option {name} gibt es nicht.",
    "No such command {name!r}.": "Den Befehl {name} gibt es nicht.",
    "Invalid value: {message}": "Ungültiger Wert: {message}",
    "Invalid value for {param_hint}: {message}": "{param_hint}: {message}",
    "Option {name!r} does not take a value.": "Die Option {name} hat keinen Wert.",
    "{value!r} is not a valid {number_type}.": "„{value}“ ist keine ganze Zahl.",
    "{value} is not in the range {range}.": "{value} liegt nicht im Bereich {range}.",
    "{name} {filename!r} does not exist.": "{filename} gibt es nicht.",
    "{name} {filename!r} is a file.": "{filename} ist eine Datei.",
    "{name} {filename!r} is a directory.": "{filename} ist ein Ordner.",
    "{name} {filename!r} is not readable.": "{filename} ist nicht lesbar.",
    "{name} {filename!r} is not writable.": "{filename} ist nicht beschreibbar.",
    "Choose from:\n\t{choices}": "Erlaubt: {choices}",
}
PLURALS = {
    "Got unexpected extra argument ({args})": "Überzählig: {args}.",
    "Option {name!r} requires an argument.": "Die Option {name} braucht einen Wert.",
    "{value!r} is not {choice}.": "Erlaubt ist {choice}, nicht „{value}“.",
    "Did you mean {possibility}?": "Meinten Sie {possibility}?",
}


def _word(message: str) -> str:
    return WORDS.get(message) or gettext(message)


def _plural(one: str, several: str, number: int) -> str:
    return PLURALS.get(one) or ngettext(one, several, number)


def speak() -> None:
    """Let click speak German in this process."""
    for module in (
        click.core,
        click.decorators,
        click.exceptions,
        click.formatting,
        click.parser,
        click.types,
    ):
        for name, function in (("_", _word), ("ngettext", _plural)):
            if hasattr(module, name):
                setattr(module, name, function)
