"""Which passwords are easily guessed: common words and their usual trimmings, whatever the composition."""

import subprocess
import sys

import pytest

from learn.accounts import guessable

COMMON = """
hallo1234 Sommer2024! sommer2026! Winter2025 Herbst2023! passwort123 Passwort1! P@ssw0rd Passw0rt! pa55wort99
qwertz1234 qwertzuiop asdfghjkl yxcvbnm123 1q2w3e4r q1w2e3r4t5 abcd1234 12345678 87654321 abc12345 geheim123
schatz123 Schalke04! Fußball04 bayern123 Admin123! Test1234! ollah1234 hallohallo abcdabcd Julia1990 Montag01!
Dezember24! 12.03.1987 12031987 aaaaaaaa Fussball!!!!! Rathaus2024! Willkommen1 Kommune2024
iloveyou x7x7x7x7x7x7
"""
FINE = """
korrektpferdbatterie Tr0ub4dor&3 Brombeere-und-Leuchtturm tulpe-fahrrad-mond x7Kq9!bz kM3$wq9Z 9f2k-x1pq
correct-horse-battery-staple Iserlohn58636 lassmichrein
"""


def easily(password: str, *context: str) -> tuple[bool, bool]:
    return guessable.guessable(password, context)


@pytest.mark.parametrize("password", COMMON.split())
def test_common_ones_and_their_trimmings_are_guessable(password: str) -> None:
    assert easily(password) == (True, True)


@pytest.mark.parametrize("password", FINE.split())
def test_several_words_and_random_signs_are_not(password: str) -> None:
    assert easily(password) == (False, False)


def test_what_is_known_of_a_person_makes_a_password_guessable() -> None:
    assert easily("Lüdinghausen#7") == (False, False)
    assert easily("Lüdinghausen#7", "Stadt Lüdinghausen") == (False, True)
    assert easily("luedinghausen#7", "Stadt Lüdinghausen") == (False, True)
    assert easily("Lüdinghausen mag Regen", "Stadt Lüdinghausen") == (False, False)


def test_the_work_grows_with_the_length_only() -> None:
    longest = guessable.LONGEST - guessable.SHORTEST + 1
    for text in ("4@8({[<369!1|70$5+%2" * 10, "sommer2024" * 20, "\U0001f600" * 200):
        assert len(list(guessable.pieces(text))) <= longest * len(text)


def test_neither_estimator_nor_lists_stay_in_the_process() -> None:
    code = (
        "import sys; from learn.accounts import passwords; passwords.weakness('Sommer2024!');"
        "sys.exit(any(name.startswith(('zxcvbn', 'frequency_lists')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
