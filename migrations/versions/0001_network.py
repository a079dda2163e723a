"""The member towns."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "municipality",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ags", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("district", sa.String(length=200), nullable=False),
        sa.Column("district_key", sa.String(length=5), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("population_day", sa.Date(), nullable=True),
        sa.Column("population_verified", sa.Boolean(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipality")),
        sa.UniqueConstraint("ags", name=op.f("uq_municipality_ags")),
    )
    op.create_index(op.f("ix_municipality_district"), "municipality", ["district"], unique=False)
    op.create_index(op.f("ix_municipality_name"), "municipality", ["name"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_municipality_name"), table_name="municipality")
    op.drop_index(op.f("ix_municipality_district"), table_name="municipality")
    op.drop_table("municipality")
