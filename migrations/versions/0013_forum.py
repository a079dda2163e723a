"""The forum: questions and posts, and what people keep beside them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    posts()
    people()


def posts() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("tried_parts", JSON, nullable=False),
        sa.Column("phase", sa.String(length=10), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("circle", sa.String(length=20), nullable=False),
        sa.Column("listed", sa.String(length=20), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=True),
        sa.Column("size", sa.String(length=10), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("lesson_id", sa.String(length=12), nullable=True),
        sa.Column("course_id", sa.String(length=12), nullable=True),
        sa.Column("heading", sa.String(length=200), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("solutions", sa.Integer(), nullable=False),
        sa.Column("me_too", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("top_number", sa.Integer(), nullable=False),
        sa.Column("quiet_number", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latest_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waits_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_question_cohort_id_cohort")),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["question.id"], name=op.f("fk_question_merged_into_question")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_question_municipality_id_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("origin", name=op.f("uq_question_origin")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_question_all_new", "question", ["latest_at", "id"], unique=False)
    op.create_index("ix_question_all_state", "question", ["state", "latest_at", "id"], unique=False)
    op.create_index("ix_question_all_waiting", "question", ["state", "waits_since", "id"], unique=False)
    op.create_index(op.f("ix_question_cohort_id"), "question", ["cohort_id"], unique=False)
    op.create_index("ix_question_course", "question", ["course_id", "latest_at", "id"], unique=False)
    op.create_index("ix_question_lesson", "question", ["lesson_id", "latest_at", "id"], unique=False)
    op.create_index(op.f("ix_question_merged_into"), "question", ["merged_into"], unique=False)
    op.create_index("ix_question_new", "question", ["listed", "latest_at", "id"], unique=False)
    op.create_index("ix_question_state", "question", ["listed", "state", "latest_at", "id"], unique=False)
    op.create_index(
        "ix_question_town", "question", ["municipality_id", "state", "latest_at", "id"], unique=False
    )
    op.create_index("ix_question_waiting", "question", ["listed", "state", "waits_since", "id"], unique=False)
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("parts", JSON, nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("attribution", sa.String(length=10), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=True),
        sa.Column("size", sa.String(length=10), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("solution", sa.Boolean(), nullable=False),
        sa.Column("helped", sa.Integer(), nullable=False),
        sa.Column("moved_to", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("origin", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["about_id"], ["post.id"], name=op.f("fk_post_about_id_post")),
        sa.ForeignKeyConstraint(["moved_to"], ["post.id"], name=op.f("fk_post_moved_to_post")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_post_municipality_id_municipality")
        ),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_post_question_id_question")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("key", name=op.f("uq_post_key")),
        sa.UniqueConstraint("origin", name=op.f("uq_post_origin")),
        sa.UniqueConstraint("question_id", "number", name=op.f("uq_post_question_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_post_about_id"), "post", ["about_id"], unique=False)
    op.create_index(op.f("ix_post_moved_to"), "post", ["moved_to"], unique=False)
    op.create_index(op.f("ix_post_municipality_id"), "post", ["municipality_id"], unique=False)
    op.create_index(op.f("ix_post_renderer"), "post", ["renderer"], unique=False)
    op.create_table(
        "question_link",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["other_id"], ["question.id"], name=op.f("fk_question_link_other_id_question"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_link_question_id_question"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", "other_id", name=op.f("pk_question_link")),
    )
    op.create_index(op.f("ix_question_link_other_id"), "question_link", ["other_id"], unique=False)
    op.create_table(
        "question_topic",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("listed", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("latest_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waits_since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_topic_question_id_question"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", "topic", name=op.f("pk_question_topic")),
    )
    op.create_index(
        "ix_question_topic_new",
        "question_topic",
        ["topic", "listed", "latest_at", "question_id"],
        unique=False,
    )
    op.create_index(
        "ix_question_topic_state",
        "question_topic",
        ["topic", "listed", "state", "latest_at", "question_id"],
        unique=False,
    )
    op.create_index(
        "ix_question_topic_waiting",
        "question_topic",
        ["topic", "listed", "state", "waits_since", "question_id"],
        unique=False,
    )
    op.create_table(
        "post_author",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_post_author_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_author_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_post_author")),
    )
    op.create_index(op.f("ix_post_author_person_id"), "post_author", ["person_id"], unique=False)
    op.create_table(
        "post_mention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_post_mention_municipality_id_municipality"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_post_mention_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_mention_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_mention")),
    )
    op.create_index(
        op.f("ix_post_mention_municipality_id"), "post_mention", ["municipality_id"], unique=False
    )
    op.create_index(op.f("ix_post_mention_person_id"), "post_mention", ["person_id"], unique=False)
    op.create_index(op.f("ix_post_mention_post_id"), "post_mention", ["post_id"], unique=False)
    op.create_table(
        "post_quote",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("quoted_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_quote_post_id_post"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["quoted_id"], ["post.id"], name=op.f("fk_post_quote_quoted_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "quoted_id", "revision", name=op.f("pk_post_quote")),
    )
    op.create_index(op.f("ix_post_quote_quoted_id"), "post_quote", ["quoted_id"], unique=False)
    op.create_table(
        "post_revision",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("redacted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_revision_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "revision", name=op.f("pk_post_revision")),
    )


def people() -> None:
    op.create_table(
        "feed_key",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_feed_key_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_feed_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_feed_key_key_hash")),
    )
    op.create_table(
        "forum_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("saved_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_forum_draft_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_draft")),
        sa.UniqueConstraint("person_id", "target", name=op.f("uq_forum_draft_person_id_target")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_forum_draft_saved_on"), "forum_draft", ["saved_on"], unique=False)
    op.create_table(
        "me_too",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_me_too_municipality_id_municipality"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_me_too_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_me_too_question_id_question"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", "person_id", name=op.f("pk_me_too")),
    )
    op.create_index(op.f("ix_me_too_municipality_id"), "me_too", ["municipality_id"], unique=False)
    op.create_index(op.f("ix_me_too_person_id"), "me_too", ["person_id"], unique=False)
    op.create_table(
        "question_reader",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("last_read", sa.Integer(), nullable=False),
        sa.Column("follow", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_question_reader_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_reader_question_id_question"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "question_id", name=op.f("pk_question_reader")),
    )
    op.create_index(
        "ix_question_reader_following", "question_reader", ["question_id", "follow"], unique=False
    )
    op.create_table(
        "topic_follow",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_topic_follow_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "topic", name=op.f("pk_topic_follow")),
    )
    op.create_index(op.f("ix_topic_follow_topic"), "topic_follow", ["topic"], unique=False)
    op.create_table(
        "town_follow",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_town_follow_municipality_id_municipality"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_town_follow_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "municipality_id", name=op.f("pk_town_follow")),
    )
    op.create_index(op.f("ix_town_follow_municipality_id"), "town_follow", ["municipality_id"], unique=False)
    op.create_table(
        "helped",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_helped_municipality_id_municipality"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_helped_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_helped_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "person_id", name=op.f("pk_helped")),
    )
    op.create_index(op.f("ix_helped_municipality_id"), "helped", ["municipality_id"], unique=False)
    op.create_index(op.f("ix_helped_person_id"), "helped", ["person_id"], unique=False)


def downgrade() -> None:
    for name in (
        "post_revision",
        "post_quote",
        "post_mention",
        "post_author",
        "helped",
        "town_follow",
        "topic_follow",
        "question_topic",
        "question_reader",
        "question_link",
        "post",
        "me_too",
        "forum_draft",
        "feed_key",
        "question",
    ):
        op.drop_table(name)
