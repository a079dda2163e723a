"""Towns: mailbox, phase, mail domains, topics; Klassen with their towns and courses."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column(
        "municipality", sa.Column("mailbox", sa.String(length=200), nullable=False, server_default="")
    )
    op.add_column("municipality", sa.Column("phase", sa.String(length=10), nullable=False, server_default=""))
    op.drop_index(op.f("ix_municipality_name"), table_name="municipality")
    op.create_index("ix_municipality_name_ags", "municipality", ["name", "ags"], unique=False)
    op.create_table(
        "mail_domain",
        sa.Column("domain", sa.String(length=200), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_mail_domain_municipality_id_municipality"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_mail_domain")),
    )
    op.create_index(op.f("ix_mail_domain_municipality_id"), "mail_domain", ["municipality_id"], unique=False)
    op.create_table(
        "town_topic",
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_town_topic_municipality_id_municipality"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("municipality_id", "topic", name=op.f("pk_town_topic")),
    )
    op.create_index(op.f("ix_town_topic_topic"), "town_topic", ["topic"], unique=False)
    op.create_table(
        "cohort",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("link_token", sa.String(length=200), nullable=True),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sa.UniqueConstraint("link_token", name=op.f("uq_cohort_link_token")),
        sa.UniqueConstraint("name", name=op.f("uq_cohort_name")),
    )
    op.create_table(
        "cohort_town",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_town_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_cohort_town_municipality_id_municipality"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("cohort_id", "municipality_id", name=op.f("pk_cohort_town")),
    )
    op.create_index(op.f("ix_cohort_town_municipality_id"), "cohort_town", ["municipality_id"], unique=False)
    op.create_table(
        "cohort_course",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_course_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_cohort_course_course_id_course")),
        sa.PrimaryKeyConstraint("cohort_id", "course_id", name=op.f("pk_cohort_course")),
    )
    op.create_index(op.f("ix_cohort_course_course_id"), "cohort_course", ["course_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_cohort_course_course_id"), table_name="cohort_course")
    op.drop_table("cohort_course")
    op.drop_index(op.f("ix_cohort_town_municipality_id"), table_name="cohort_town")
    op.drop_table("cohort_town")
    op.drop_table("cohort")
    op.drop_index(op.f("ix_town_topic_topic"), table_name="town_topic")
    op.drop_table("town_topic")
    op.drop_index(op.f("ix_mail_domain_municipality_id"), table_name="mail_domain")
    op.drop_table("mail_domain")
    op.drop_index("ix_municipality_name_ags", table_name="municipality")
    op.create_index(op.f("ix_municipality_name"), "municipality", ["name"], unique=False)
    op.drop_column("municipality", "phase")
    op.drop_column("municipality", "mailbox")
