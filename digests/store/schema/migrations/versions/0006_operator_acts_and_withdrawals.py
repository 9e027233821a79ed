"""What operators did, and which reports were withdrawn.

Revision ID: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "operator_acts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_operator_acts"),
    )
    op.create_table(
        "report_withdrawals",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("report_id", sa.String(40), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report_withdrawals"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("report_withdrawals")
    op.drop_table("operator_acts")
