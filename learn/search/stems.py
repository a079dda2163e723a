"""Snowball's German stems, and what it leaves standing trimmed."""

import re
import threading

import Stemmer

ENGLISH_PLURAL = re.compile(r"^.{3,}[aopyw]s$")
LOAN_VERB = re.compile(r"(?<=.{3})i(er(t(e[nrms]?)?)?)?$")

_local = threading.local()


def base(word: str) -> str:
    """The stem of a folded word, of `lenkung`, `gateways`, `kalibriert`, `busse`, too."""
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:  # one per thread: it keeps state while it works
        stemmer = _local.stemmer = Stemmer.Stemmer("german")
    found = str(stemmer.stemWord(word))
    if len(found) > 6 and found.endswith("ung"):
        found = found.removesuffix("ung")
    if ENGLISH_PLURAL.search(found):
        found = found[:-1]
    found = LOAN_VERB.sub("", found)
    return found[:-1] if found.endswith("ss") else found
