"""Asking the browser for a passkey and reading its answer; the challenge travels in the signed cookie."""

import json
from datetime import timedelta

from flask import request

from learn.accounts import passkeys
from learn.accounts.views.changes import config
from learn.core import clock, hosts, once, sessions
from learn.core.db import session, writing

CHALLENGE = "challenge"
OFFERED, ANSWERED = 30, 60  # minutes: so long pages share a challenge, so long it may be answered


def party() -> passkeys.Party | None:
    """Whom passkeys belong to at the address of this request; None where there can be none."""
    return passkeys.party(config(), hosts.hostname(request.host))


def local_address() -> str:
    """Where passkeys do work when a local instance was asked by number; else empty."""
    local = passkeys.party(config(), passkeys.LOCAL) if party() is None else None
    return local.origin if local and local.id == passkeys.LOCAL else ""


def challenge() -> str:
    """The challenge of this browser; several open pages share one."""
    found: str | None = sessions.note(CHALLENGE, OFFERED)
    if found is None:
        found = passkeys.challenge()
        sessions.keep_note(CHALLENGE, found)
    return found


def to_get() -> str:
    """What the script needs to ask for any passkey, as JSON; empty where there can be none."""
    ours = party()
    return json.dumps(passkeys.to_get(ours, challenge())) if ours else ""


def answer() -> passkeys.Request | None:
    """The answer in this form and the challenge it has to fit; the browser forgets the challenge."""
    ours, drawn = party(), sessions.note(CHALLENGE, ANSWERED)
    sessions.drop_note(CHALLENGE)
    text = request.form.get("credential", "")
    return passkeys.Request(ours, drawn, text) if ours and drawn and text else None


def proven_person() -> int | None:
    """Who has signed the challenge with her passkey; an answer counts once."""
    asked = answer()
    person_id = passkeys.owner(session(), asked, config().secret_key) if asked else None
    return person_id if asked and person_id is not None and spent(asked) else None


def spent(asked: passkeys.Request) -> bool:
    """Use the challenge up; False for a copy of cookie and answer."""
    with writing() as db:
        return once.spend(db, f"passkey|{asked.challenge}", clock.now() + timedelta(minutes=ANSWERED))
