"""Indexes for lists of people by town, role and state; the words by which people are found, made anew."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session

from learn.accounts import words

revision = "0010"
down_revision = "0009"
STATES = (
    ("ix_person_disabled", "active = 0", "NOT active"),
    ("ix_person_closed", "erase_on IS NOT NULL", "erase_on IS NOT NULL"),
    ("ix_person_no_password", "password_hash IS NULL", "password_hash IS NULL"),
)


def upgrade() -> None:
    op.drop_index(op.f("ix_person_municipality_id"), table_name="person")
    op.create_index(
        "ix_person_municipality_id_name_id", "person", ["municipality_id", "name", "id"], unique=False
    )
    for name, sqlite, postgresql in STATES:
        op.create_index(
            name,
            "person",
            ["name", "id"],
            unique=False,
            sqlite_where=sa.text(sqlite),
            postgresql_where=sa.text(postgresql),
        )
    op.create_index("ix_person_role_role_person_id", "person_role", ["role", "person_id"], unique=False)
    op.drop_index(op.f("ix_person_word_person_id"), table_name="person_word")
    op.create_index("ix_person_word_person_id_word", "person_word", ["person_id", "word"], unique=False)
    with Session(op.get_bind(), join_transaction_mode="create_savepoint") as session, session.begin():
        words.reindex(session)


def downgrade() -> None:
    op.drop_index("ix_person_word_person_id_word", table_name="person_word")
    op.create_index(op.f("ix_person_word_person_id"), "person_word", ["person_id"], unique=False)
    op.drop_index("ix_person_role_role_person_id", table_name="person_role")
    for name, _sqlite, _postgresql in reversed(STATES):
        op.drop_index(name, table_name="person")
    op.drop_index("ix_person_municipality_id_name_id", table_name="person")
    op.create_index(op.f("ix_person_municipality_id"), "person", ["municipality_id"], unique=False)
