"""What is due is looked for recipient by recipient: who is behind makes it no slower for the others."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.drop_index("delivery_due", table_name="delivery")
    op.create_index("delivery_due", "delivery", ["state", "recipient", "due_at"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("delivery_due", table_name="delivery")
    op.create_index("delivery_due", "delivery", ["state", "due_at"])
