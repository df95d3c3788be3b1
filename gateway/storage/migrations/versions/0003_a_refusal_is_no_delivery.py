"""The time of a recipient's receipt is named for what it is: a refusal has one too, and is no delivery."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("ALTER TABLE delivery RENAME COLUMN delivered_at TO receipt_at")


def downgrade() -> None:
    """Take back."""
    op.execute("ALTER TABLE delivery RENAME COLUMN receipt_at TO delivered_at")
