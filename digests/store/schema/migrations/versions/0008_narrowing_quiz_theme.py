"""What a subscription is narrowed to, a quiz with its digests, and the theme of a chat's pictures.

Revision ID: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chats", sa.Column("theme", sa.String(20)))
    op.add_column("subscriptions", sa.Column("theme", sa.String(20)))
    op.add_column("subscriptions", sa.Column("quiz", sa.Boolean, server_default=sa.false(), nullable=False))
    op.add_column("subscriptions", sa.Column("only", sa.String(400), server_default="", nullable=False))
    op.add_column("posts", sa.Column("quiz", sa.Text))


def downgrade() -> None:
    op.drop_column("posts", "quiz")
    op.drop_column("subscriptions", "only")
    op.drop_column("subscriptions", "quiz")
    op.drop_column("subscriptions", "theme")
    op.drop_column("chats", "theme")
