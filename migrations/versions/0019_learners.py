"""What learners keep and show: Nachweise, notes, bookmarks, reminders; figures; files to take away."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0019"
down_revision = "0018"
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
TABLES = (
    "certificate_status",
    "signing_key",
    "course_figures",
    "bookmark",
    "certificate",
    "note",
    "reminder",
    "takeaway_file",
    "unclear_mark",
)


def upgrade() -> None:
    certificates()
    kept()


def certificates() -> None:
    op.create_table(
        "certificate_status",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_certificate_status"),
    )
    op.create_table(
        "signing_key",
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("algorithm", sa.String(length=10), nullable=False),
        sa.Column("private", sa.Text(), nullable=False),
        sa.Column("public", JSON, nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("kid", name="pk_signing_key"),
    )
    op.create_table(
        "course_figures",
        sa.Column("course_id", sa.String(length=12), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("shown", JSON, nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_course_figures_course_id_course"),
        sa.PrimaryKeyConstraint("course_id", name="pk_course_figures"),
    )
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("course_id", sa.String(length=12), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sheet", JSON, nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_certificate_person_id_person", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["position"], ["certificate_status.position"], name="fk_certificate_position_certificate_status"
        ),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_certificate_release_id_release"),
        sa.PrimaryKeyConstraint("id", name="pk_certificate"),
        sa.UniqueConstraint("code", name="uq_certificate_code"),
        sa.UniqueConstraint(
            "person_id", "course_id", "edition", name="uq_certificate_person_id_course_id_edition"
        ),
        sa.UniqueConstraint("position", name="uq_certificate_position"),
    )
    op.create_table(
        "takeaway_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("maker", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=200), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_takeaway_file_release_id_release"),
        sa.PrimaryKeyConstraint("id", name="pk_takeaway_file"),
        sa.UniqueConstraint("release_id", "kind", name="uq_takeaway_file_release_id_kind"),
    )


def kept() -> None:
    op.create_table(
        "bookmark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.String(length=12), nullable=False),
        sa.Column("lesson_id", sa.String(length=12), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("heading", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_bookmark_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bookmark"),
        sa.UniqueConstraint("person_id", "lesson_id", "slug", name="uq_bookmark_person_id_lesson_id_slug"),
    )
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.String(length=12), nullable=False),
        sa.Column("lesson_id", sa.String(length=12), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("heading", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_note_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_note"),
        sa.UniqueConstraint("person_id", "key", name="uq_note_person_id_key"),
    )
    op.create_index("ix_note_person_id_note_lesson_id", "note", ["person_id", "lesson_id"], unique=False)
    op.create_table(
        "reminder",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("mail", sa.Boolean(), nullable=False),
        sa.Column("feed_hash", sa.String(length=64), nullable=False),
        sa.Column("sent_for", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_reminder_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_reminder"),
    )
    op.create_index("ix_reminder_feed_hash", "reminder", ["feed_hash"], unique=False)
    op.create_table(
        "unclear_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.String(length=12), nullable=False),
        sa.Column("lesson_id", sa.String(length=12), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_unclear_mark_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_unclear_mark"),
        sa.UniqueConstraint(
            "person_id", "lesson_id", "edition", name="uq_unclear_mark_person_id_lesson_id_edition"
        ),
    )
    op.create_index("ix_unclear_mark_course_id", "unclear_mark", ["course_id"], unique=False)


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
