"""Which question a notice is about, how far an event was told, since when an address takes no mail."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("event", sa.Column("told_to", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("notice", sa.Column("question_id", sa.Integer(), nullable=True))
    op.add_column(
        "address_state", sa.Column("email_key", sa.String(length=200), nullable=False, server_default="")
    )
    op.add_column("address_state", sa.Column("since", sa.Date(), nullable=True))


def downgrade() -> None:
    for table, column in (
        ("address_state", "since"),
        ("address_state", "email_key"),
        ("notice", "question_id"),
        ("event", "told_to"),
    ):
        op.drop_column(table, column)
