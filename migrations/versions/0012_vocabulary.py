"""The controlled vocabulary: topics with their synonyms; twelve to start with."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
START = (  # a new network's topics with other words for them
    ("sensorik", "Sensorik", ("LoRaWAN", "IoT")),
    ("datenplattform", "Datenplattform", ()),
    ("offene-daten", "Offene Daten", ("Open Data",)),
    ("datenschutz", "Datenschutz", ()),
    ("beteiligung", "Beteiligung", ()),
    ("klima", "Klima", ("Hitze", "Starkregen")),
    ("ki", "KI", ("Sprachmodelle",)),
    ("steuerung", "Steuerung", ("Strategie", "Förderung")),
    ("open-source", "Open Source", ()),
    ("kooperation", "Zusammenarbeit", ("IKZ",)),
    ("it-sicherheit", "IT-Sicherheit", ()),
    ("mobilitaet", "Mobilität", ()),
)
BYTEWISE = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")


def upgrade() -> None:
    tables()
    connection = op.get_bind()
    metadata = sa.MetaData()
    topic = sa.Table("topic", metadata, autoload_with=connection)
    synonym = sa.Table("topic_synonym", metadata, autoload_with=connection)
    for position, (slug, name, words) in enumerate(START):
        connection.execute(sa.insert(topic).values(slug=slug, name=name, position=position, accepted=True))
        for word in words:
            folded = word.casefold().replace("ö", "oe")
            connection.execute(sa.insert(synonym).values(word=folded, written=word, topic=slug))


def tables() -> None:
    op.create_table(
        "topic",
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parent", sa.String(length=200), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_topic")),
    )
    op.create_table(
        "topic_synonym",
        sa.Column("word", BYTEWISE, nullable=False),
        sa.Column("written", sa.String(length=200), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["topic"], ["topic.slug"], name=op.f("fk_topic_synonym_topic_topic"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_topic_synonym")),
    )
    op.create_index(op.f("ix_topic_synonym_topic"), "topic_synonym", ["topic"], unique=False)


def downgrade() -> None:
    for name in ("topic_synonym", "topic"):
        op.drop_table(name)
