"""The worker goes on whatever happens inside: a bug stays with its delivery, which is tried again."""

import asyncio
import uuid
from datetime import timedelta

import pytest
from exchange.life_bench import Bench, document
from sqlalchemy import select

from gateway.exchange.deliver import deliver_forever
from gateway.storage.tables import delivery


class Broken:
    """A transport with a bug that shows once. State: what it was asked to send."""

    def __init__(self, bench):
        self.bench, self.asked = bench, []

    async def send(self, parcel):
        self.asked.append(parcel.message_id)
        if len(self.asked) == 1:
            raise RuntimeError("a bug")
        return await self.bench.send(parcel)


@pytest.fixture
def bench(tmp_path):
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def recorded(bench):
    return bench.gateway.read(
        lambda connection: connection.execute(select(delivery.c.state, delivery.c.attempts, delivery.c.problem)).one()
    )


async def until(condition):
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.01)


def test_a_bug_while_delivering_ends_no_worker_and_counts_as_an_attempt(bench):
    said = {"kind": "declaration", "code": "9", "sender": "CN", "recipient": "KG", "arrival": 12 * 60}
    said |= {"id": str(uuid.uuid4()), "number": uuid.uuid4().hex[:20]}
    bench.post(bench.signed(document(said, bench.now, bench.now)))
    broken = Broken(bench)

    async def story():
        worker = asyncio.create_task(deliver_forever(bench.gateway, broken, asyncio.Event()))
        await until(lambda: recorded(bench).problem)
        after_the_bug = recorded(bench)
        bench.now += timedelta(minutes=1)
        await until(lambda: recorded(bench).state == "delivered")
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
        return after_the_bug

    after_the_bug = bench.loop.run_until_complete(story())
    assert (after_the_bug.state, after_the_bug.attempts) == ("waiting", 1)
    assert broken.asked == [said["id"]] * 2
