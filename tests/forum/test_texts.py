"""Texts of posts: what is refused, whom they name, what they quote and show."""

import pytest
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core import clock
from learn.core.access import Refused
from learn.forum import asking, editing, texts
from learn.forum.audience import Reader
from learn.forum.models import Picture, Post, Question
from learn.forum.texts import Mentioned, Prepared, Quotation
from learn.network.models import Municipality
from tests.factories import make_municipality
from tests.forum.factories import make_answer, make_cohort, make_question, make_reader, reader_of


def prepared(
    session: Session, who: Reader, source: str, circle: str = "netzwerk", **more: object
) -> Prepared:
    return texts.prepare(session, who, source, circle=circle, **more)  # type: ignore[arg-type]


def html(text: Prepared) -> str:
    return "".join(part["html"] for part in text.parts if "html" in part)


def contact(session: Session, name: str, *, town: Municipality | None = None) -> Person:
    """Somebody whose name everybody in the network may know."""
    person = session.get(Person, make_reader(session, name=name, town=town).actor.person_id)
    assert person is not None
    person.listed = True
    session.flush()
    return person


@pytest.mark.parametrize(
    "source", ["", "  \n\t", "\u200b\u2060", "\u3164", "&nbsp;", "<!-- nichts -->", "\u0301"]
)
def test_what_nobody_can_see_is_no_text(db: Session, source: str) -> None:
    with pytest.raises(Refused) as problem:
        prepared(db, make_reader(db), source, sentence=texts.ANSWER)
    assert (problem.value.message, problem.value.field) == ("Schreiben Sie Ihre Antwort in das Feld.", "body")


def test_long_texts_are_told_their_length(db: Session) -> None:
    who = make_reader(db)
    with pytest.raises(Refused, match=r"^Kürzen Sie auf 20\.000 Zeichen\. Der Text hat 20\.412\.$"):
        prepared(db, who, "a " * 10_205 + "aa")
    with pytest.raises(Refused, match=r"^Kürzen Sie auf 2\.000 Zeichen\. Der Text hat 2\.001\.$"):
        prepared(db, who, "a" * 2_001, longest=texts.LONGEST_COMMENT)


def test_typed_names_are_stored_with_their_id(db: Session) -> None:
    who = make_reader(db)
    petra = contact(db, "Petra Muster")
    olpe = make_municipality(db, name="Olpe")
    text = prepared(db, who, "Frag @Petra Muster, oder @Stadt Olpe. Auch (@Olpe)!")
    assert text.source == (
        f"Frag [@Petra Muster](person:{petra.id}), oder [@Stadt Olpe](kommune:{olpe.ags})."
        f" Auch ([@Olpe](kommune:{olpe.ags}))!"
    )
    assert text.mentions == (Mentioned(person_id=petra.id), Mentioned(municipality_id=olpe.id))
    assert "<strong>@Petra Muster</strong>" in html(text)
    assert f'<a href="/kommunen/{olpe.ags}">@Stadt Olpe</a>' in html(text)
    assert prepared(db, who, text.source) == text, "its stored form says the same"


@pytest.mark.parametrize(
    "source",
    [
        "`@Petra Muster`",
        "```\n@Petra Muster\n```",
        "> @Petra Muster",
        "[frag @Petra Muster](/kurse)",
        "petra@Petra Muster",
        "@Petra Musterfrau",
        "@petra muster",
        "@Niemand",
    ],
)
def test_an_at_that_names_nobody_stays_text(db: Session, source: str) -> None:
    contact(db, "Petra Muster")
    text = prepared(db, make_reader(db), source)
    assert (text.source, text.mentions) == (source, ())


def test_ambiguous_names_stay_text(db: Session) -> None:
    contact(db, "Petra Muster")
    contact(db, "Petra Muster")
    assert prepared(db, make_reader(db), "@Petra Muster").mentions == ()


def test_only_names_that_may_be_known_are_found(db: Session) -> None:
    who = make_reader(db)
    quiet = make_reader(db, name="Stille Leserin")
    guest = make_reader(db, name="Gast Gerber", role="gast")
    for reader in (quiet, guest):
        person = db.get(Person, reader.actor.person_id)
        assert person is not None
        person.listed = reader is guest
    db.flush()
    assert prepared(db, who, "@Stille Leserin @Gast Gerber").mentions == ()
    make_answer(db, quiet, make_question(db, who))
    assert prepared(db, who, "@Stille Leserin").mentions == (Mentioned(person_id=quiet.actor.person_id),)
    assert prepared(db, who, "@Stille Leserin", "oeffentlich").mentions == (), "visitors see no names"


def test_a_klasse_names_its_own_people(db: Session) -> None:
    inside, outside = make_municipality(db, name="Innen"), make_municipality(db, name="Außen")
    who = make_reader(db, town=inside)
    cohort = make_cohort(db, inside)
    ours, theirs = contact(db, "Olga Innen", town=inside), contact(db, "Anna Außen", town=outside)
    text = prepared(db, reader_of(db, ours), "@Olga Innen @Anna Außen @Innen @Außen", f"klasse:{cohort.id}")
    assert text.mentions == (Mentioned(person_id=ours.id), Mentioned(municipality_id=inside.id))
    assert who.actor.person_id != theirs.id


def test_nobody_is_named_under_another_name(db: Session) -> None:
    petra = contact(db, "Petra Muster")
    text = prepared(
        db, make_reader(db), f"[@Chef](person:{petra.id}) [@Petra Muster](person:{petra.id + 999})"
    )
    assert text.mentions == ()
    assert "<strong>" not in html(text)


def test_five_are_named_at_most(db: Session) -> None:
    for number in range(7):
        contact(db, f"Person {'ABCDEFG'[number]}")
    text = prepared(db, make_reader(db), " ".join(f"@Person {sign}," for sign in "ABCDEFGA"))
    assert len(text.mentions) == 5
    assert html(text).count("<strong>") == 6, "the first once more"


def quoting(post: Post, words: str, revision: int = 1) -> str:
    return f"> {words}\n<!-- zitat beitrag={post.id} fassung={revision} -->\n\nDazu:"


def test_a_quote_names_its_source_while_that_stands(db: Session) -> None:
    who = make_reader(db, name="Petra Muster")
    answer = make_answer(db, who, make_question(db, who), "Wir haben **drei** Gateways.")
    editing_text = prepared(db, who, quoting(answer, "haben drei   Gateways"))
    assert editing_text.quotes == (Quotation(answer.id, 1),)
    assert editing_text.words == editing_text.excerpt == "Dazu:", (
        "quoted words are found where they were written"
    )
    reply = asking.answer(db, who, question_of(db, answer), editing_text, attribution="name", key="q")
    shown = "".join(texts.shown(reply.parts, texts.sources(db, who, [reply]), prefix="b3"))
    assert "haben drei   Gateways" in shown
    assert f'<a href="/forum/beitraege/{answer.id}">Petra Muster, Stadt Musterstadt</a>' in shown
    editing.edit(db, who, answer, editing.Change(prepared(db, who, "Anders")), base_revision=1)
    assert "seither geändert" in "".join(
        texts.shown(reply.parts, texts.sources(db, who, [reply]), prefix="b3")
    )
    editing.withdraw(db, who, answer)
    shown = "".join(texts.shown(reply.parts, texts.sources(db, who, [reply]), prefix="b3"))
    assert "Gateways" not in shown
    assert "Dazu:" in shown


def question_of(session: Session, post: Post) -> Question:
    found = session.get(Question, post.question_id)
    assert found is not None
    return found


def test_words_that_never_stood_there_get_no_source(db: Session) -> None:
    who = make_reader(db)
    answer = make_answer(db, who, make_question(db, who), "Wir haben drei Gateways.")
    for source in (
        quoting(answer, "Wir haben vier Gateways."),
        quoting(answer, "Wir haben drei Gateways.", 2),
    ):
        text = prepared(db, who, source)
        assert text.quotes == ()
        assert "<blockquote>" in html(text)


def test_a_quote_leads_into_no_wider_circle(db: Session) -> None:
    who = make_reader(db)
    answer = make_answer(db, who, make_question(db, who), "Nur für das Netzwerk.")
    with pytest.raises(Refused, match="kleineren Kreis"):
        prepared(db, who, quoting(answer, "Nur für das Netzwerk."), "oeffentlich")
    guest = make_reader(db, role="gast")
    text = prepared(db, guest, quoting(answer, "Nur für das Netzwerk."), "oeffentlich")
    assert text.quotes == (), "what she may not read does not exist"


def make_picture(session: Session, who: Reader) -> Picture:
    picture = Picture(
        person_id=who.actor.person_id,
        key=f"forum/neu/{who.actor.person_id}.webp",
        sha="0" * 64,
        ext="webp",
        width=40,
        height=30,
        added_on=clock.today(),
    )
    session.add(picture)
    session.flush()
    return picture


def test_pictures_need_words_and_belong_to_the_writer(db: Session) -> None:
    who, other = make_reader(db), make_reader(db)
    mine, theirs = make_picture(db, who), make_picture(db, other)
    with pytest.raises(Refused, match=r"^Beschreiben Sie das Bild\.$"):
        prepared(db, who, f"![](bild:{mine.id})")
    text = prepared(db, who, f"![Gateway](bild:{mine.id}) ![Fremd](/medien/forum/{theirs.id}.webp)")
    assert text.pictures == (mine.id,)
    assert f'src="/medien/forum/{mine.id}.webp" width="40" height="30" alt="Gateway"' in html(text)
    assert f"{theirs.id}.webp" not in html(text)
    question = make_question(db, who)
    asking.answer(db, who, question, text, attribution="name", key="bild")
    assert mine.question_id == question.id
    again = prepared(db, other, f"![Gateway](/medien/forum/{mine.id}.webp)", question_id=question.id)
    assert again.pictures == (mine.id,)


def test_ids_differ_between_posts_of_a_page(db: Session) -> None:
    text = prepared(db, make_reader(db), "## Weg\n\n|a|b|\n|-|-|\n|1|2|\n\nSiehe [oben](#weg).")
    shown = "".join(texts.shown(text.parts, {}, prefix="b7", place="Beitrag 7"))
    assert 'id="b7-s-weg"' in shown
    assert 'href="#b7-s-weg"' in shown
    assert 'aria-label="Tabelle 1, Beitrag 7"' in shown


def test_excerpts_are_short_and_plain(db: Session) -> None:
    text = prepared(db, make_reader(db), "**Wir** messen " + "sehr " * 100)
    assert text.excerpt.startswith("Wir messen sehr")
    assert len(text.excerpt) <= 300
