"""Opening the database: SQLite with full durability, or PostgreSQL; and bringing its tables up to date."""

from __future__ import annotations

from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import NoSuchModuleError

from gateway.errors import Misconfigured


def open_database(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql+psycopg://…`.

    SQLite runs in WAL mode with synchronous FULL: what is committed is on disk.

    Raises:
        Misconfigured: Another database, a URL that is none, or no driver for it.
    """
    try:
        backend = make_url(url).get_backend_name()
        if backend == "sqlite":
            engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})
            event.listen(engine, "connect", _durable)
            event.listen(engine, "begin", _begin_immediate)
            return engine
        if backend == "postgresql":
            return create_engine(url, pool_pre_ping=True)
    except (ImportError, NoSuchModuleError) as error:
        raise Misconfigured(
            f"The database's driver cannot be loaded: {error}. PostgreSQL needs psycopg, installed beside the gateway "
            "and named in the URL: postgresql+psycopg://…"
        ) from error
    except Exception:
        # Without its words: a URL may hold a password.
        raise Misconfigured("The database URL cannot be read; one is sqlite:///torugart/gateway.db") from None
    raise Misconfigured(f"The database {backend} is not supported; SQLite and PostgreSQL are")


def _durable(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN; the driver must not
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    """Writers take the lock at once, so that two processes never fail half-way; readers say so and take none."""
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def migrate(engine: Engine, *, to: str = "head") -> None:
    """Bring the tables to a version, by default the newest; safe to call from several processes at once."""
    config = Config()
    config.set_main_option("script_location", "gateway.storage:migrations")
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7283641)")
        config.attributes["connection"] = connection
        command.upgrade(config, to)
