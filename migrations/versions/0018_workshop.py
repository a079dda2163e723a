"""The Werkstatt: working copies and their history, review, values and supplements of towns."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018"
down_revision = "0017"
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
TABLES = (
    "work_course",
    "work_text",
    "work_revision",
    "work_autosave",
    "work_picture",
    "network_choice",
    "outside_link",
    "course_step",
    "review_comment",
    "local_value",
    "supplement",
)


def upgrade() -> None:
    copies()
    review()
    towns()


def copies() -> None:
    op.create_table(
        "work_course",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("approved", sa.BigInteger(), nullable=False),
        sa.Column("planned", sa.BigInteger(), nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked", sa.BigInteger(), nullable=False),
        sa.Column("report", JSON, nullable=True),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name="fk_work_course_changed_by_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_work_course"),
        sa.UniqueConstraint("slug", name="uq_work_course_slug"),
    )
    op.create_index("ix_work_course_changed_by", "work_course", ["changed_by"], unique=False)
    op.create_table(
        "work_text",
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("course_id", sa.String(length=12), nullable=False),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("base_path", sa.String(length=400), nullable=False),
        sa.Column("base_sha", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["work_course.id"], name="fk_work_text_course_id_work_course", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["person.id"], name="fk_work_text_saved_by_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("key", name="pk_work_text"),
    )
    op.create_index("ix_work_text_course_id", "work_text", ["course_id"], unique=False)
    op.create_index("ix_work_text_saved_by", "work_text", ["saved_by"], unique=False)
    op.create_table(
        "work_revision",
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.String(length=12), nullable=False),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("cause", sa.String(length=200), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["person.id"], name="fk_work_revision_saved_by_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("key", "number", name="pk_work_revision"),
    )
    op.create_index("ix_work_revision_course_id", "work_revision", ["course_id"], unique=False)
    op.create_index("ix_work_revision_saved_at", "work_revision", ["saved_at"], unique=False)
    op.create_index("ix_work_revision_saved_by", "work_revision", ["saved_by"], unique=False)
    op.create_table(
        "work_autosave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("window", sa.String(length=40), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("base_revision", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_work_autosave_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_work_autosave"),
        sa.UniqueConstraint("person_id", "key", "window", name="uq_work_autosave_person_id_key_window"),
    )
    op.create_index("ix_work_autosave_saved_at", "work_autosave", ["saved_at"], unique=False)
    op.create_table(
        "work_picture",
        sa.Column("course_id", sa.String(length=12), nullable=False),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("ext", sa.String(length=5), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("licence", sa.String(length=200), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"], ["person.id"], name="fk_work_picture_added_by_person", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["work_course.id"],
            name="fk_work_picture_course_id_work_course",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("course_id", "path", name="pk_work_picture"),
    )
    op.create_index("ix_work_picture_added_by", "work_picture", ["added_by"], unique=False)
    op.create_index("ix_work_picture_sha", "work_picture", ["sha"], unique=False)


def review() -> None:
    op.create_table(
        "network_choice",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_network_choice"),
    )
    op.create_table(
        "outside_link",
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("uses", JSON, nullable=False),
        sa.PrimaryKeyConstraint("sha", name="pk_outside_link"),
    )
    op.create_index("ix_outside_link_checked_on", "outside_link", ["checked_on"], unique=False)
    op.create_table(
        "course_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.String(length=12), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("release", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_course_step_person_id_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_course_step"),
    )
    op.create_index("ix_course_step_course_id", "course_step", ["course_id"], unique=False)
    op.create_index("ix_course_step_person_id", "course_step", ["person_id"], unique=False)
    op.create_table(
        "review_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("excerpt", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name="fk_review_comment_author_id_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_review_comment"),
    )
    op.create_index("ix_review_comment_author_id", "review_comment", ["author_id"], unique=False)
    op.create_index("ix_review_comment_course_id", "review_comment", ["course_id"], unique=False)
    op.create_index("ix_review_comment_key_review_comment_id", "review_comment", ["key", "id"], unique=False)


def towns() -> None:
    op.create_table(
        "local_value",
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_local_value_municipality_id_municipality",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name="fk_local_value_written_by_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("municipality_id", "course_id", "name", name="pk_local_value"),
    )
    op.create_index("ix_local_value_written_by", "local_value", ["written_by"], unique=False)
    op.create_table(
        "supplement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.String(length=12), nullable=False),
        sa.Column("lesson_id", sa.String(length=12), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("heading", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_supplement_municipality_id_municipality",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name="fk_supplement_written_by_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_supplement"),
        sa.UniqueConstraint(
            "municipality_id", "lesson_id", "slug", name="uq_supplement_municipality_id_lesson_id_slug"
        ),
    )
    op.create_index("ix_supplement_course_id", "supplement", ["course_id"], unique=False)
    op.create_index("ix_supplement_lesson_id", "supplement", ["lesson_id"], unique=False)
    op.create_index("ix_supplement_written_by", "supplement", ["written_by"], unique=False)


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
