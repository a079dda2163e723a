"""`/verwaltung/themen`: the vocabulary; proposals of members, names, synonyms, order."""

from collections.abc import Callable

from flask import flash, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from learn.core import audit
from learn.core.access import Refused, actor, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.courses import topical
from learn.desk.blueprint import pages
from learn.desk.policy import may_decide
from learn.forum import renaming
from learn.network import topics_service as service
from learn.network import vocabulary
from learn.network.models import Topic

LIST = "/verwaltung/themen"
ONE = f"{LIST}/<slug:thema>"
Fault = Refused | None


@pages.get(LIST, access=may_decide)
def topic_list() -> ResponseReturnValue:
    """All topics in their order, proposals above them."""
    return list_page()


@pages.post(LIST, access=may_decide)
def add_topic() -> ResponseReturnValue:
    """A topic that was missing."""
    name = request.form.get("name", "")[:200]
    try:
        with writing() as db:
            service.add(db, name, by=me())
    except Refused as refused:
        return list_page(name, refused)
    vocabulary.forget()
    flash(_("Das Thema steht jetzt in der Liste."), "success")
    return to(".topic_list")


@pages.get(ONE, access=may_decide)
def topic(thema: str) -> ResponseReturnValue:
    """One topic or proposal with its forms."""
    return topic_page(found(thema))


@pages.post(f"{ONE}/name", access=may_decide)
def rename_topic(thema: str) -> ResponseReturnValue:
    """Another name; the address stays."""
    name = request.form.get("name", "")[:200]
    return change(thema, lambda db, one: service.rename(db, one, name, by=me()), _("Der Name ist geändert."))


@pages.post(f"{ONE}/einordnen", access=may_decide)
def place_topic(thema: str) -> ResponseReturnValue:
    """Under another topic, or under none."""
    parent = request.form.get("parent", "")[:200]
    done = _("Die Einordnung ist gespeichert.")
    return change(thema, lambda db, one: service.place(db, one, parent, by=me()), done)


@pages.post(f"{ONE}/synonyme", access=may_decide)
def add_synonym(thema: str) -> ResponseReturnValue:
    """Another word that leads here."""
    word = request.form.get("synonym", "")[:200]
    done = _("Das Synonym führt jetzt zu diesem Thema.")
    return change(thema, lambda db, one: service.add_synonym(db, one, word, by=me()), done)


@pages.post(f"{ONE}/synonyme/entfernen", access=may_decide)
def remove_synonym(thema: str) -> ResponseReturnValue:
    """A word leads here no longer."""
    word = request.form.get("synonym", "")[:200]
    done = _("Das Synonym ist entfernt.")
    return change(thema, lambda db, one: service.remove_synonym(db, one, word, by=me()), done)


@pages.post(f"{ONE}/verschieben", access=may_decide)
def move_topic(thema: str) -> ResponseReturnValue:
    """One place up or down in the list."""
    way = "hoch" if request.form.get("way") == "hoch" else "runter"
    with writing() as db:
        service.move(db, accepted(service.topic(db, thema)), way, by=me())
    vocabulary.forget()
    return to(".topic_list", anchor=f"thema-{thema}")


@pages.post(f"{ONE}/annehmen", access=may_decide)
def accept_topic(thema: str) -> ResponseReturnValue:
    """A proposal becomes a topic."""
    return change(
        thema, lambda db, one: service.accept(db, one, by=me()), _("Der Vorschlag ist jetzt ein Thema.")
    )


@pages.post(f"{ONE}/ablehnen", access=may_decide)
def refuse_topic(thema: str) -> ResponseReturnValue:
    """A proposal goes; its name may become a synonym."""
    instead = request.form.get("instead", "")[:200]
    one = found(thema)
    try:
        with writing() as db:
            service.refuse(db, require(service.topic(db, thema)), by=me(), instead=instead)
    except Refused as refused:
        return topic_page(one, refused)
    vocabulary.forget()
    flash(_("Der Vorschlag ist abgelehnt."), "success")
    return to(".topic_list")


def change(thema: str, act: Callable[..., object], done: str) -> ResponseReturnValue:
    """Do it and come back to the topic; refused, its page says so at the field."""
    one = found(thema)
    try:
        with writing() as db:
            changed = act(db, require(service.topic(db, thema)))
            if changed is not False:
                topical.renew(db, thema)
                renaming.reindex_later(db, thema)
    except Refused as refused:
        return topic_page(one, refused)
    vocabulary.forget()
    flash(done if changed is not False else _("Es hat sich nichts geändert."), "success")
    return back(thema)


def back(thema: str) -> Response:
    return to(".topic", thema=thema)


def found(thema: str) -> Topic:
    """The topic or proposal. Raises NotFound."""
    return require(session().get(Topic, thema))


def accepted(one: Topic | None) -> Topic:
    """Raises NotFound for a proposal, which has no place in the list."""
    return require(one if one is not None and one.accepted else None)


def list_page(name: str = "", refused: Fault = None) -> ResponseReturnValue:
    words = vocabulary.vocabulary(session())
    return page(
        "desk/topics.html",
        refused.status if refused else 200,
        topics=list(words.topics.values()),
        names=words.names,
        proposals=service.proposals(session()),
        name=name,
        fault=refused.message if refused else "",
    )


def topic_page(one: Topic, refused: Fault = None) -> ResponseReturnValue:
    words = vocabulary.vocabulary(session())
    entry = words.topics.get(one.slug)
    return page(
        "desk/topic.html",
        refused.status if refused else 200,
        topic=one,
        synonyms=entry.synonyms if entry else (),
        others=[("", _("keinem"))] + [(slug, name) for slug, name in words.names.items() if slug != one.slug],
        typed=request.form,
        faults={refused.field: refused.message} if refused else {},
    )


def me() -> str:
    """The actor in the audit log."""
    return audit.person(actor().owner)
