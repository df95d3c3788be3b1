"""An exchange that is a test is neither found nor counted with those that are none."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. The table is altered and not made anew: messages refer to it."""
    column: sa.Column[bool] = sa.Column("test", sa.Boolean(), nullable=False, server_default=sa.false())
    column.comment = "Its declaration was marked as a test"
    op.add_column("exchange", column)


def downgrade() -> None:
    """Take back."""
    op.drop_column("exchange", "test")
