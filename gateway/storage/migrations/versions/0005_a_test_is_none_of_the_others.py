"""An exchange that is a test is neither found nor counted with those that are none."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("exchange") as table:
        table.add_column(
            sa.Column(
                "test",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
                comment="Its declaration was marked as a test",
            )
        )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("exchange") as table:
        table.drop_column("test")
