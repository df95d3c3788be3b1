"""The writer: one thread for each process that commits for all requests in flight.

A job is a function of a connection. The jobs that wait are run one after the other in one transaction, each in a
savepoint of its own, and then committed together: one write to disk serves many messages (group commit). A job's result
is handed over only after that commit; a job that raises is rolled back alone.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from gateway.errors import Overloaded

T = TypeVar("T")
_Job = tuple[Callable[[Connection], Any], "Future[Any]"]


class Writer:
    """Runs jobs in a thread of its own, many to a commit. State: a queue and a thread, from `start` to `close`."""

    def __init__(self, engine: Engine, *, most_at_once: int = 64, most_waiting: int = 2000) -> None:
        self._engine = engine
        self._most_at_once = most_at_once
        self._jobs: queue.Queue[_Job | None] = queue.Queue(maxsize=most_waiting)
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def submit(self, job: Callable[[Connection], T]) -> Future[T]:
        """Run a job in the next commit.

        Raises:
            Overloaded: Too many jobs wait already.
        """
        result: Future[T] = Future()
        try:
            self._jobs.put_nowait((job, result))
        except queue.Full:
            raise Overloaded("Too many messages wait to be stored") from None
        return result

    def close(self) -> None:
        """Finish what waits, then stop; told again each second, as a wake-up is lost where a signal interrupts it."""
        while self._thread.is_alive():
            self._jobs.put(None)
            self._thread.join(1)

    def _run(self) -> None:
        running = True
        while running:
            batch = [self._jobs.get()]
            while len(batch) < self._most_at_once:
                try:
                    batch.append(self._jobs.get_nowait())
                except queue.Empty:
                    break
            running = None not in batch
            # Who asked may have gone before its turn came; from here on nobody can take a job back.
            self._commit([job for job in batch if job is not None and job[1].set_running_or_notify_cancel()])

    def _commit(self, batch: list[_Job]) -> None:
        if not batch:
            return
        outcomes: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            with self._engine.begin() as connection:
                for job, result in batch:
                    try:
                        with connection.begin_nested():
                            outcomes.append((result, job(connection), None))
                    except Exception as error:  # handed to whoever waits for this job
                        outcomes.append((result, None, error))
        except Exception as error:  # the commit failed: nobody's job is done
            outcomes = [(result, None, error) for _, result in batch]
        for result, value, problem in outcomes:
            if problem is not None:
                result.set_exception(problem)
            else:
                result.set_result(value)
