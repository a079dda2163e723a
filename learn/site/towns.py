"""The list of towns: by district and name, 25 at a time, with filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Self
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from learn.core.access import visitor
from learn.core.db import session
from learn.core.i18n import NBSP, ngettext
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.network import listing, sizes, topics
from learn.network import queries as network
from learn.network.listing import Wanted
from learn.network.models import Municipality
from learn.network.parse import ROLES
from learn.site import districts
from learn.site.blueprint import pages


@dataclass(frozen=True, slots=True)
class Row:
    """A town in a list; `size` is a confirmed figure or a class, never an unconfirmed figure."""

    href: str
    name: str
    role: str
    size: str

    @classmethod
    def of(cls, town: Municipality) -> Self:
        return cls(f"/kommunen/{town.ags}", town.name, town.role, inhabitants(town))


@dataclass(frozen=True, slots=True)
class Filter:
    """What the reader asked for; words that fit nothing count as not asked."""

    q: str = ""
    district: str = ""
    size: str = ""
    role: str = ""
    topic: str = ""
    after: str = ""

    @classmethod
    def of(cls, values: MultiDict[str, str]) -> Self:
        size, role, topic = values.get("groesse", ""), values.get("rolle", ""), values.get("thema", "")
        return cls(
            q=values.get("q", "").strip()[:200],
            district=values.get("kreis", "")[:200],
            size=size if size in sizes.KEYS else "",
            role=role if role in ROLES else "",
            topic=topic if topic in topics.names() else "",
            after=values.get("nach", ""),
        )

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.district, self.size, self.role, self.topic, self.q)

    @property
    def any(self) -> bool:
        """Whether something narrows the list."""
        return self.wanted != Wanted()

    def next_href(self, path: str, cursor: str) -> str:
        """The address of the next rows, empty on the last."""
        set_ = {
            "q": self.q,
            "kreis": self.district,
            "groesse": self.size,
            "rolle": self.role,
            "thema": self.topic,
            "nach": cursor,
        }
        return f"{path}?{urlencode({name: value for name, value in set_.items() if value})}" if cursor else ""


@pages.get("/kommunen", access=visitor)
def towns() -> ResponseReturnValue:
    """List towns."""
    filter_ = Filter.of(request.args)
    found = listing.towns(session(), filter_.wanted, filter_.after or None)
    return page(
        "site/towns.html",
        filter=filter_,
        districts=districts.options(filter_.district),
        options=options(),
        groups=by_district(found.rows),
        found=words(filter_, len(found.rows), bool(found.after)),
        more=filter_.next_href("/kommunen", found.after),
    )


def options() -> dict[str, list[tuple[str, str]]]:
    """The choices of the other filters."""
    return {
        "groesse": [("", _("Alle Größen")), *((key, sizes.size_range(key)) for key in sizes.KEYS)],
        "rolle": [("", _("Alle Rollen")), *((role, role_name(role)) for role in ROLES)],
        "thema": [("", _("Alle Themen")), *topics.by_name()],
    }


def by_district(found: Sequence[Municipality]) -> list[tuple[str, list[Row]]]:
    """Towns, which come in this order, under their districts."""
    return [
        (district or _("Ohne Kreis"), [Row.of(town) for town in group])
        for district, group in groupby(found, key=lambda town: town.district)
    ]


def role_name(role: str) -> str:
    """What a town is in the network."""
    names = {"pionier": _("Pionierkommune"), "mitglied": _("Mitglied"), "gast": _("Gast")}
    return names.get(role, role)


def inhabitants(town: Municipality) -> str:
    """„74.300 Einwohner“ where a source confirms it, else „bis 15.000 Einwohner“; empty when unknown."""
    known = network.population(town)
    if known is None:
        return ""
    figure = sizes.grouped(known.figure) if known.figure is not None else known.size_class
    return _("%(size)s Einwohner", size=figure).replace(" Einw", f"{NBSP}Einw")


def words(filter_: Filter, count: int, more: bool) -> str:
    """How many towns were found, and for what."""
    if count and (more or filter_.after):
        return ngettext("%(num)s Kommune auf dieser Seite", "%(num)s Kommunen auf dieser Seite", count)
    if count:
        return ngettext("%(num)s Kommune gefunden", "%(num)s Kommunen gefunden", count)
    if filter_.q:
        return _("Keine Kommune zu „%(q)s“ gefunden.", q=filter_.q)
    return (
        _("Keine Kommune passt zu diesen Filtern.") if filter_.any else _("Noch keine Kommune eingetragen.")
    )
