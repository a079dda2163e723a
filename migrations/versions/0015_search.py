"""The search index; filled by `learn search rebuild` or the job that follows an upgrade."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"
BYTEWISE = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
TABLES = (
    "search_document",
    "search_posting",
    "search_word",
    "search_gram",
    "search_synonym",
    "search_state",
)


def upgrade() -> None:
    documents()
    op.create_table(
        "search_posting",
        sa.Column("term", BYTEWISE, nullable=False),
        sa.Column("part", sa.String(length=24), nullable=False),
        sa.Column("doc", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("top", sa.Integer(), nullable=False),
        sa.Column("weight", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("term", "part", "doc", name=op.f("pk_search_posting")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_word",
        sa.Column("word", BYTEWISE, nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_word")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_gram",
        sa.Column("gram", BYTEWISE, nullable=False),
        sa.Column("size", sa.SmallInteger(), nullable=False, autoincrement=False),
        sa.Column("word", BYTEWISE, nullable=False),
        sa.PrimaryKeyConstraint("gram", "size", "word", name=op.f("pk_search_gram")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_synonym",
        sa.Column("word", BYTEWISE, nullable=False),
        sa.Column("means", BYTEWISE, nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("word", "means", "source", name=op.f("pk_search_synonym")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_synonym_source", "search_synonym", ["source"], unique=False)
    op.create_table(
        "search_state",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_search_state")),
    )


def documents() -> None:
    op.create_table(
        "search_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("top", sa.Integer(), nullable=False),
        sa.Column("circle", sa.String(length=20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("detail", JSON, nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_document")),
        sa.UniqueConstraint("ref", name=op.f("uq_search_document_ref")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_search_document_kind", "search_document", ["kind", "id"], unique=False)
    op.create_index(op.f("ix_search_document_top"), "search_document", ["top"], unique=False)


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
