"""Which town an address speaks for, and the towns people choose from."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from learn.accounts import belonging
from learn.network import importing, parse
from learn.network.models import MailDomain
from tests.factories import make_municipality

HEAD = "ags,name,kreis\n"


def test_only_listed_domains_speak_for_a_town(db: Session) -> None:
    olpe, soest = make_municipality(db, name="Olpe"), make_municipality(db, name="Soest")
    db.add_all(
        MailDomain(domain=name, municipality_id=olpe.id) for name in ("olpe.example", "xn--gieen-nqa.de")
    )
    db.flush()
    assert belonging.speaks_for(db, "a@olpe.example", olpe.id)
    assert belonging.speaks_for(db, "a@gießen.de", olpe.id)
    for email in ("a@giessen.de", "a@x.olpe.example", "olpe.example", "a@olpe.example@y.de", "a@olpe.exampl"):
        assert not belonging.speaks_for(db, email, olpe.id)
    assert not belonging.speaks_for(db, "a@olpe.example", soest.id)


def test_a_town_is_meant_by_key_or_by_a_name_of_its_own(db: Session) -> None:
    olpe = make_municipality(db, name="Olpe")
    for _ in range(2):
        make_municipality(db, name="Neustadt")
    assert belonging.meant(db, f" {olpe.ags} ") is olpe
    assert belonging.meant(db, "Olpe") is olpe
    for text in ("", "olpe", "Neustadt", "99", "١٢٣٤٥٦٧٨"):
        assert belonging.meant(db, text) is None


def test_many_towns_are_searched(app: Flask, db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f"99{number:06},Neustadt {number},Nord" for number in range(30)] + ["98000000,Olpe,Süd"]
    importing.import_towns(db, parse.towns((HEAD + "\n".join(rows) + "\n").encode()))
    db.flush()
    few = belonging.choice(db, chosen="98000000")
    assert (len(few.options), few.few, few.chosen) == (31, True, ("98000000", "Olpe"))
    monkeypatch.setattr(belonging, "SELECTABLE", 30)
    with app.test_request_context():
        assert belonging.choice(db) == belonging.Choice((), few=False)
        many = belonging.choice(db, asked="neust")
        assert (len(many.options), many.more) == (25, True)
        one = belonging.choice(db, asked="olp")
        assert (one.options, one.more) == ((("98000000", "Olpe (Süd)"),), False)
        assert belonging.choice(db, asked="olp", chosen="98000000").chosen == ("98000000", "Olpe")
