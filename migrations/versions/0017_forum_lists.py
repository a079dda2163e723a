"""Lists of a topic over all circles, and the Lösungen of a long question, each along an index of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
TOPIC_LISTS = {
    "ix_question_topic_all_new": ["topic", "latest_at", "question_id"],
    "ix_question_topic_all_state": ["topic", "state", "latest_at", "question_id"],
    "ix_question_topic_all_waiting": ["topic", "state", "waits_since", "question_id"],
}


def upgrade() -> None:
    for name, columns in TOPIC_LISTS.items():
        op.create_index(name, "question_topic", columns, unique=False)
    op.create_index(
        "ix_post_solution",
        "post",
        ["question_id", "number"],
        unique=False,
        sqlite_where=sa.text("solution = 1"),
        postgresql_where=sa.text("solution"),
    )


def downgrade() -> None:
    op.drop_index("ix_post_solution", table_name="post")
    for name in reversed(TOPIC_LISTS):
        op.drop_index(name, table_name="question_topic")
