"""Courses, releases, stored texts and pictures, old addresses and terms."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "course",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=200), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("lessons", sa.Integer(), nullable=False),
        sa.Column("plain", sa.Boolean(), nullable=False),
        sa.Column("municipality", sa.String(length=200), nullable=False),
        sa.Column("image", sa.String(length=200), nullable=False),
        sa.Column("topics", JSON, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
    )
    op.create_index("ix_course_catalogue", "course", ["kind", "position", "id"], unique=False)
    op.create_index("ix_course_newest", "course", ["kind", "published_on", "id"], unique=False)
    op.create_index("ix_course_shortest", "course", ["kind", "minutes", "id"], unique=False)
    op.create_index(op.f("ix_course_slug"), "course", ["slug"], unique=True)
    op.create_table(
        "course_topic",
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("course_id", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_topic_course_id_course")),
        sa.PrimaryKeyConstraint("topic", "course_id", name=op.f("pk_course_topic")),
    )
    op.create_table(
        "release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("manifest", JSON, nullable=False),
        sa.Column("sheet", JSON, nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_release_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("course_id", "number", name=op.f("uq_release_course_id_number")),
    )
    op.create_table(
        "lesson_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.String(length=12), nullable=False),
        sa.Column("lesson_id", sa.String(length=12), nullable=False),
        sa.Column("source_hash", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("parser", sa.Integer(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("sheet", JSON, nullable=False),
        sa.Column("parts", JSON, nullable=False),
        sa.Column("headings", JSON, nullable=False),
        sa.Column("plain", JSON, nullable=True),
        sa.Column("trace", JSON, nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("plain_source", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_version")),
        sa.UniqueConstraint("lesson_id", "source_hash", name=op.f("uq_lesson_version_lesson_id_source_hash")),
    )
    op.create_index(op.f("ix_lesson_version_lesson_id"), "lesson_version", ["lesson_id"], unique=False)
    op.create_table(
        "blob",
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha", name=op.f("pk_blob")),
    )
    op.create_table(
        "release_file",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("picture", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_release_file_release_id_release")
        ),
        sa.PrimaryKeyConstraint("release_id", "path", name=op.f("pk_release_file")),
    )
    op.create_index(op.f("ix_release_file_sha"), "release_file", ["sha"], unique=False)
    op.create_table(
        "asset",
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("ext", sa.String(length=5), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("backend", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("sha", name=op.f("pk_asset")),
    )
    op.create_table(
        "course_slug",
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("course_id", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_slug_course_id_course")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_course_slug")),
    )
    op.create_table(
        "lesson_slug",
        sa.Column("course_id", sa.String(length=12), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("lesson_id", sa.String(length=12), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_lesson_slug_course_id_course")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["lesson_version.id"], name=op.f("fk_lesson_slug_version_id_lesson_version")
        ),
        sa.PrimaryKeyConstraint("course_id", "slug", name=op.f("pk_lesson_slug")),
    )
    op.create_table(
        "published_id",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("course_id", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_id")),
    )
    op.create_index(op.f("ix_published_id_course_id"), "published_id", ["course_id"], unique=False)
    op.create_table(
        "term",
        sa.Column("course_id", sa.String(length=12), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("sort", sa.String(length=200), nullable=False),
        sa.Column("also", JSON, nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_term_course_id_course")),
        sa.PrimaryKeyConstraint("course_id", "slug", name=op.f("pk_term")),
    )
    op.create_index(op.f("ix_term_sort"), "term", ["sort"], unique=False)
    op.create_table(
        "term_use",
        sa.Column("term", sa.String(length=200), nullable=False),
        sa.Column("course_id", sa.String(length=12), nullable=False),
        sa.Column("lesson_id", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_term_use_course_id_course")),
        sa.PrimaryKeyConstraint("term", "course_id", "lesson_id", name=op.f("pk_term_use")),
    )
    with op.batch_alter_table("course") as batch:
        batch.create_foreign_key(op.f("fk_course_release_id_release"), "release", ["release_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("course") as batch:
        batch.drop_constraint(op.f("fk_course_release_id_release"), type_="foreignkey")
    op.drop_table("term_use")
    op.drop_index(op.f("ix_term_sort"), table_name="term")
    op.drop_table("term")
    op.drop_index(op.f("ix_published_id_course_id"), table_name="published_id")
    op.drop_table("published_id")
    op.drop_table("lesson_slug")
    op.drop_table("course_slug")
    op.drop_table("asset")
    op.drop_index(op.f("ix_release_file_sha"), table_name="release_file")
    op.drop_table("release_file")
    op.drop_table("blob")
    op.drop_index(op.f("ix_lesson_version_lesson_id"), table_name="lesson_version")
    op.drop_table("lesson_version")
    op.drop_table("release")
    op.drop_table("course_topic")
    op.drop_index(op.f("ix_course_slug"), table_name="course")
    op.drop_index("ix_course_shortest", table_name="course")
    op.drop_index("ix_course_newest", table_name="course")
    op.drop_index("ix_course_catalogue", table_name="course")
    op.drop_table("course")
