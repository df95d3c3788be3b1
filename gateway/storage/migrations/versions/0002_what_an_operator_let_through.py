"""What an operator let through stays forgiven, also while it waits for another message."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("message") as table:
        table.add_column(
            sa.Column("released_at", sa.String(length=24), nullable=True, comment="When an operator let it through")
        )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("message") as table:
        table.drop_column("released_at")
