"""Who does what at the desk, in one place; nobody here sees anybody's learning.

    Page or action                                        Koordination   Betrieb
    Personen: list, search, account data                        ✓            ✓
    – disable, enable, sign out, password link, lost app        ✓            ✓     helping with accounts
    – roles, topics, Klassen, town, closing an account          ✓            –     deciding who belongs
    – read people in from a file                                ✓            –     (the Betrieb: command line)
    Kommunen, Klassen, Anfragen, Einladungen                    ✓            –     with the words people wrote
    Anmeldedienste: reading their settings                      ✓            ✓
    – adding, changing, checking, removing                      ✓            –     a service says who gets in
    Moderation, Meldungen, Themen, Unbeantwortet                ✓            –     what people wrote
    Freigaben: courses under review, „Vier Augen“               ✓            –     what the network publishes
    Protokoll and its extract                                   ✓            ✓

Roles and sign-in services are the Koordination's alone: whoever runs the machine cannot let herself in.
"""

from learn.core.access import coordinator
from learn.desk.blueprint import staff

# With accounts: what opens, closes or signs out one, and changes nothing about who belongs.
may_help = staff
# Who belongs to the network, where, and with what duties.
may_decide = coordinator
# What is written in the forum: acts, reports, objections, what waits for an answer.
may_moderate = coordinator
# What staff did with accounts and towns.
may_read_log = staff
