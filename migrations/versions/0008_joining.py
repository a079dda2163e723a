"""Joining: what people say of themselves, links sent to them, requests; ids of people never return."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
BYTEWISE = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table(
        "person", recreate="always" if sqlite else "never", table_kwargs={"sqlite_autoincrement": True}
    ) as person:
        person.add_column(sa.Column("office", sa.String(length=200), nullable=False, server_default=""))
        person.add_column(sa.Column("listed", sa.Boolean(), nullable=False, server_default=sa.false()))
        person.add_column(sa.Column("name_public", sa.Boolean(), nullable=False, server_default=sa.false()))
        person.add_column(sa.Column("left_on", sa.Date(), nullable=True))
        person.add_column(sa.Column("erase_on", sa.Date(), nullable=True))
    op.create_index(op.f("ix_person_erase_on"), "person", ["erase_on"], unique=False)
    op.create_index("ix_person_name_id", "person", ["name", "id"], unique=False)
    op.create_table(
        "person_topic",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_topic_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "topic", name=op.f("pk_person_topic")),
    )
    op.create_index(op.f("ix_person_topic_topic"), "person_topic", ["topic"], unique=False)
    op.create_table(
        "trainer_cohort",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_trainer_cohort_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_trainer_cohort_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "cohort_id", name=op.f("pk_trainer_cohort")),
    )
    op.create_index(op.f("ix_trainer_cohort_cohort_id"), "trainer_cohort", ["cohort_id"], unique=False)
    op.create_table(
        "person_word",
        sa.Column("word", BYTEWISE, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_word_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("word", "person_id", name=op.f("pk_person_word")),
    )
    op.create_index(op.f("ix_person_word_person_id"), "person_word", ["person_id"], unique=False)
    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("email_key", sa.String(length=200), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_ticket_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_ticket_token_hash")),
    )
    op.create_index(op.f("ix_ticket_email_key"), "ticket", ["email_key"], unique=False)
    op.create_index(op.f("ix_ticket_kind"), "ticket", ["kind"], unique=False)
    op.create_index(op.f("ix_ticket_person_id"), "ticket", ["person_id"], unique=False)
    op.create_index(op.f("ix_ticket_until"), "ticket", ["until"], unique=False)
    op.create_table(
        "join_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("email_key", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("office", sa.String(length=200), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_join_request_municipality_id_municipality"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_join_request_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_request")),
        sa.UniqueConstraint("kind", "email_key", name=op.f("uq_join_request_kind_email_key")),
    )
    op.create_index(op.f("ix_join_request_asked_on"), "join_request", ["asked_on"], unique=False)
    op.create_index(
        op.f("ix_join_request_municipality_id"), "join_request", ["municipality_id"], unique=False
    )
    op.create_index(op.f("ix_join_request_person_id"), "join_request", ["person_id"], unique=False)
    op.create_table(
        "mail_choice",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("rhythm", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_mail_choice_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_mail_choice")),
    )


def downgrade() -> None:
    op.drop_table("mail_choice")
    op.drop_index(op.f("ix_join_request_person_id"), table_name="join_request")
    op.drop_index(op.f("ix_join_request_municipality_id"), table_name="join_request")
    op.drop_index(op.f("ix_join_request_asked_on"), table_name="join_request")
    op.drop_table("join_request")
    op.drop_index(op.f("ix_ticket_until"), table_name="ticket")
    op.drop_index(op.f("ix_ticket_person_id"), table_name="ticket")
    op.drop_index(op.f("ix_ticket_kind"), table_name="ticket")
    op.drop_index(op.f("ix_ticket_email_key"), table_name="ticket")
    op.drop_table("ticket")
    op.drop_index(op.f("ix_person_word_person_id"), table_name="person_word")
    op.drop_table("person_word")
    op.drop_index(op.f("ix_trainer_cohort_cohort_id"), table_name="trainer_cohort")
    op.drop_table("trainer_cohort")
    op.drop_index(op.f("ix_person_topic_topic"), table_name="person_topic")
    op.drop_table("person_topic")
    op.drop_index("ix_person_name_id", table_name="person")
    op.drop_index(op.f("ix_person_erase_on"), table_name="person")
    with op.batch_alter_table("person", recreate="auto") as person:
        for column in ("erase_on", "left_on", "name_public", "listed", "office"):
            person.drop_column(column)
