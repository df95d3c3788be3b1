"""The writer: what is handed back has been committed, and one job's failure is its own."""

import threading
from concurrent.futures import Future

import pytest
from sqlalchemy import inspect, select, text

from gateway.errors import Misconfigured, Overloaded
from gateway.storage.clock import stored
from gateway.storage.engine import migrate, open_database
from gateway.storage.tables import body, delivery, exchange, message, tables
from gateway.storage.writer import Writer


@pytest.fixture
def engine(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'x.db'}")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def writer(engine):
    writer = Writer(engine)
    writer.start()
    yield writer
    writer.close()


def put(text_):
    def job(connection):
        connection.execute(body.insert().values(media_type="t", signature="", bytes=text_))
        return text_

    return job


def bodies(engine):
    with engine.connect() as connection:
        return {row.bytes for row in connection.execute(select(body.c.bytes))}


def test_what_is_handed_back_is_committed(engine, writer):
    assert writer.submit(put(b"a")).result(5) == b"a"
    assert bodies(engine) == {b"a"}


def test_a_job_that_nobody_waits_for_any_more_is_left_out_and_stops_nobody(engine):
    writer = Writer(engine)
    gone, there = writer.submit(put(b"gone")), writer.submit(put(b"there"))
    gone.cancel()
    writer.start()
    assert there.result(5) == b"there"
    assert writer.submit(put(b"next")).result(5) == b"next"
    assert bodies(engine) == {b"there", b"next"}
    writer.close()


def test_jobs_of_many_threads_are_all_done(engine, writer):
    done: list[Future] = []
    threads = [
        threading.Thread(target=lambda n=n: done.extend(writer.submit(put(b"%d-%d" % (n, i))) for i in range(25)))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {future.result(10) for future in done} == bodies(engine)
    assert len(done) == 200


def test_jobs_that_wait_together_share_a_commit(engine, writer):
    started, go = threading.Event(), threading.Event()

    def slow(connection):
        started.set()
        go.wait(5)
        return connection.connection.total_changes

    first = writer.submit(slow)
    started.wait(5)
    transactions = []
    waiting = [writer.submit(lambda c: transactions.append(id(c)) or put(b"x")(c)) for _ in range(10)]
    go.set()
    first.result(5)
    for future in waiting:
        future.result(5)
    assert len(set(transactions)) == 1


def test_a_job_that_fails_takes_nothing_with_it(engine, writer):
    started, go = threading.Event(), threading.Event()
    blocker = writer.submit(lambda connection: (started.set(), go.wait(5)))
    started.wait(5)

    def half(connection):
        put(b"half")(connection)
        raise ValueError("no")

    good, bad, good_too = writer.submit(put(b"one")), writer.submit(half), writer.submit(put(b"two"))
    go.set()
    blocker.result(5)
    with pytest.raises(ValueError, match="no"):
        bad.result(5)
    assert (good.result(5), good_too.result(5)) == (b"one", b"two")
    assert bodies(engine) == {b"one", b"two"}


def test_too_many_waiting_jobs_are_refused_and_those_that_wait_are_done(engine):
    writer = Writer(engine, most_waiting=3)
    waiting = [writer.submit(put(b"%d" % n)) for n in range(3)]
    with pytest.raises(Overloaded):
        writer.submit(put(b"too many"))
    writer.start()
    for future in waiting:
        future.result(5)
    writer.close()
    assert len(bodies(engine)) == 3


def test_closing_finishes_what_waits(engine):
    writer = Writer(engine)
    waiting = [writer.submit(put(b"%d" % n)) for n in range(50)]
    writer.start()
    writer.close()
    assert all(future.done() for future in waiting)
    assert len(bodies(engine)) == 50


def test_sqlite_is_durable_to_the_disk(engine):
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2  # FULL


def test_migrations_make_the_tables_that_the_code_uses(engine):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables) == []


def test_a_database_of_the_first_version_is_brought_to_the_newest_and_keeps_what_it_holds(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'old.db'}")
    migrate(engine, to="0001")
    with engine.begin() as connection:
        connection.execute(body.insert().values(media_type="t", signature="", bytes=b"kept"))
    assert "released_at" not in {column["name"] for column in inspect(engine).get_columns("message")}
    migrate(engine)
    assert "released_at" in {column["name"] for column in inspect(engine).get_columns("message")}
    assert bodies(engine) == {b"kept"}
    engine.dispose()


def test_the_time_of_a_receipt_stays_when_its_column_is_renamed(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'old.db'}")
    migrate(engine, to="0002")
    at = "2026-11-23T08:05:00.000Z"
    parties = {"sender": "CN", "recipient": "KG"}
    with engine.begin() as connection:
        connection.execute(body.insert().values(id=1, media_type="t", signature="", bytes=b"kept"))
        connection.execute(
            exchange.insert().values(
                id="x", reference="1", agreement="a/1", state="s", version=1, created_at=at, updated_at=at, **parties
            )
        )
        connection.execute(
            message.insert().values(
                id=1, message_id="m", kind="k", function_code="9", exchange_id="x", outcome="accepted", applied=1,
                content_digest="d", received_at=at, body_id=1, receipt_id=1, **parties,
            )
        )  # fmt: skip
        connection.exec_driver_sql(
            "INSERT INTO delivery (message, exchange_id, recipient, state, attempts, due_at, delivered_at)"
            " VALUES (1, 'x', 'KG', 'delivered', 1, ?, ?)",
            (at, at),
        )
    migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(select(delivery.c.receipt_at)).all() == [(at,)]
    engine.dispose()


def test_migrating_twice_changes_nothing(engine):
    migrate(engine)


@pytest.mark.parametrize("url", ["mysql://x/y", "not a url", ""])
def test_another_database_is_refused(url):
    with pytest.raises(Misconfigured):
        open_database(url)


def test_stored_moments_sort_as_time_does():
    from datetime import UTC, datetime, timedelta, timezone

    early = datetime(2026, 11, 23, 10, 0, 0, 5000, tzinfo=timezone(timedelta(hours=8)))
    late = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    assert stored(early) == "2026-11-23T02:00:00.005Z"
    assert stored(early) < stored(late)
