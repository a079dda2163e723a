"""Pictures, reports and moderation of the forum; events, notices, deliveries, and whether mail arrives."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    surroundings()
    moderation()
    notices()


def surroundings() -> None:
    op.create_table(
        "similar_help",
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("item", "month", name=op.f("pk_similar_help")),
    )
    op.create_table(
        "forum_picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("ext", sa.String(length=5), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_forum_picture_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_forum_picture_question_id_question")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_picture")),
        sa.UniqueConstraint("key", name=op.f("uq_forum_picture_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_forum_picture_added_on"), "forum_picture", ["added_on"], unique=False)
    op.create_index(op.f("ix_forum_picture_person_id"), "forum_picture", ["person_id"], unique=False)
    op.create_index(op.f("ix_forum_picture_question_id"), "forum_picture", ["question_id"], unique=False)
    op.create_table(
        "post_picture",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["picture_id"],
            ["forum_picture.id"],
            name=op.f("fk_post_picture_picture_id_forum_picture"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_picture_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "picture_id", name=op.f("pk_post_picture")),
    )
    op.create_index(op.f("ix_post_picture_picture_id"), "post_picture", ["picture_id"], unique=False)


def moderation() -> None:
    op.create_table(
        "moderation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("objection", sa.Text(), nullable=False),
        sa.Column("objection_state", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_moderation_actor_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_moderation_post_id_post")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_moderation_question_id_question")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_moderation_actor_id"), "moderation", ["actor_id"], unique=False)
    op.create_index(op.f("ix_moderation_post_id"), "moderation", ["post_id"], unique=False)
    op.create_index("ix_moderation_question", "moderation", ["question_id", "id"], unique=False)
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_report_municipality_id_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_report_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_report_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("person_id", "post_id", name=op.f("uq_report_person_id_post_id")),
    )
    op.create_index("ix_report_open", "report", ["state", "id"], unique=False)
    op.create_index(op.f("ix_report_post_id"), "report", ["post_id"], unique=False)
    op.create_index(op.f("ix_report_reported_on"), "report", ["reported_on"], unique=False)


def notices() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_event_at"), "event", ["at"], unique=False)
    op.create_index("ix_event_open", "event", ["resolved", "id"], unique=False)
    op.create_index(op.f("ix_event_subject"), "event", ["subject"], unique=False)
    op.create_table(
        "address_state",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_address_state_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_address_state")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_delivery_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_delivery_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "person_id", "event_id", "channel", name=op.f("uq_delivery_person_id_event_id_channel")
        ),
    )
    op.create_index("ix_delivery_digest", "delivery", ["person_id", "channel", "event_id"], unique=False)
    op.create_index("ix_delivery_due", "delivery", ["state", "run_at"], unique=False)
    op.create_index(op.f("ix_delivery_event_id"), "delivery", ["event_id"], unique=False)
    op.create_table(
        "digest_mark",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_digest_mark_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_digest_mark")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notice_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("person_id", "subject", name=op.f("uq_notice_person_id_subject")),
    )
    op.create_index(op.f("ix_notice_happened_on"), "notice", ["happened_on"], unique=False)
    op.create_index("ix_notice_list", "notice", ["person_id", "event_id"], unique=False)
    op.create_index("ix_notice_open", "notice", ["person_id", "done", "event_id"], unique=False)
    op.create_index(op.f("ix_notice_subject"), "notice", ["subject"], unique=False)


def downgrade() -> None:
    for name in (
        "notice",
        "digest_mark",
        "delivery",
        "address_state",
        "event",
        "report",
        "post_picture",
        "moderation",
        "forum_picture",
        "similar_help",
    ):
        op.drop_table(name)
