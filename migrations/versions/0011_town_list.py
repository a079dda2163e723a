"""The list of towns: order, size class, words of the names; contacts of a town, courses from a town."""

import re
import unicodedata
from itertools import islice

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

BYTEWISE = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
SIZES = (5_000, 15_000, 25_000, 50_000, 100_000)
LISTS = {
    "ix_municipality_list": ["district", "sort", "ags"],
    "ix_municipality_role": ["role", "district", "sort", "ags"],
    "ix_municipality_size": ["size", "district", "sort", "ags"],
    "ix_municipality_role_size": ["role", "size", "district", "sort", "ags"],
}
BATCH = 1000


def upgrade() -> None:
    op.add_column("municipality", sa.Column("sort", BYTEWISE, nullable=False, server_default=""))
    op.add_column("municipality", sa.Column("size", sa.String(length=10), nullable=False, server_default=""))
    op.drop_index(op.f("ix_municipality_district"), table_name="municipality")
    for name, columns in LISTS.items():
        op.create_index(name, "municipality", columns, unique=False)
    op.create_table(
        "town_word",
        sa.Column("word", BYTEWISE, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_town_word_municipality_id_municipality"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("word", "municipality_id", name=op.f("pk_town_word")),
    )
    op.create_index(
        "ix_town_word_municipality_id_word", "town_word", ["municipality_id", "word"], unique=False
    )
    op.create_index("ix_person_listed", "person", ["municipality_id", "listed"], unique=False)
    op.create_index("ix_course_municipality", "course", ["municipality", "position", "id"], unique=False)
    fill(op.get_bind())


def fill(connection: sa.Connection) -> None:
    """What the program keeps in step from now on."""
    metadata = sa.MetaData()
    town = sa.Table("municipality", metadata, autoload_with=connection)
    word = sa.Table("town_word", metadata, autoload_with=connection)
    rows = connection.execute(sa.select(town.c.id, town.c.ags, town.c.name, town.c.population)).all()
    change = sa.update(town).where(town.c.id == sa.bindparam("key"))
    kept = iter(rows)
    while some := list(islice(kept, BATCH)):
        values = [{"key": row.id, "sort": fold(row.name)[:200], "size": size(row.population)} for row in some]
        connection.execute(change, values)
        found = [
            {"word": each, "municipality_id": row.id} for row in some for each in endings(row.name, row.ags)
        ]
        connection.execute(sa.insert(word), found)


def fold(text: str) -> str:
    """Lower case, umlauts as two letters, no accents, as `learn.core.folding` did when this was written."""
    lowered = unicodedata.normalize("NFKC", text).casefold().translate(UMLAUTS)
    plain = "".join(
        char for char in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(char)
    )
    return re.sub(r"\s+", " ", plain).strip()


def endings(name: str, ags: str) -> set[str]:
    words = re.findall(r"[a-z0-9]+", fold(name))
    return {ags, *(word[start:] for word in words for start in range(max(1, len(word) - 1)))}


def size(population: int | None) -> str:
    if population is None:
        return ""
    return next((str(limit) for limit in SIZES if population <= limit), "mehr")


def downgrade() -> None:
    op.drop_index("ix_course_municipality", table_name="course")
    op.drop_index("ix_person_listed", table_name="person")
    op.drop_index("ix_town_word_municipality_id_word", table_name="town_word")
    op.drop_table("town_word")
    for name in LISTS:
        op.drop_index(name, table_name="municipality")
    op.create_index(op.f("ix_municipality_district"), "municipality", ["district"], unique=False)
    op.drop_column("municipality", "size")
    op.drop_column("municipality", "sort")
