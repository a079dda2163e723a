"""One spelling for a domain name, however it was typed."""

import idna


def ascii_form(domain: str) -> str:
    """The form that computers exchange: lower case, `gießen.de` as `xn--gieen-nqa.de`. Raises ValueError.

    By IDNA 2008, which Python's own codec is not: that one takes gießen.de for giessen.de, another domain.
    """
    name = domain.strip().removesuffix(".")
    try:
        return idna.encode(name, uts46=True, std3_rules=True).decode("ascii").lower()
    except idna.IDNAError as problem:
        raise ValueError(domain) from problem
