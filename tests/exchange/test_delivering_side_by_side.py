"""Steps 10 to 14 beside each other: who is slow, comes back too late or is stopped spoils nothing for the others."""

import asyncio
import threading
import uuid
from contextlib import ExitStack, asynccontextmanager
from datetime import timedelta

import pytest
from exchange.life_bench import Bench, document
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from builders.serving import serving, wait
from gateway.exchange.accept import accept
from gateway.exchange.deliver import Breakers, Patience, claim_due, deliver, deliver_forever
from gateway.storage.tables import audit, delivery
from gateway.transport.http import HttpTransport
from gateway.transport.port import Parcel


class Recipient:
    """A real HTTP server that receives as an adapter does.

    State: what it has seen; and its turns: how it takes what comes next, where it does not just take it.
    """

    def __init__(self, name, bench):
        self.name, self.bench, self.seen, self.turns = name, bench, [], []
        self.app = Starlette(routes=[Route("/deliveries", self._take, methods=["POST"])])

    async def _take(self, request):
        parcel = Parcel(
            recipient=self.name,
            media_type=request.headers["content-type"],
            body=await request.body(),
            signature=request.headers["jws-signature"],
            seal=request.headers["torugart-seal"],
            message_id=request.headers["x-message-id"],
        )
        self.seen.append(parcel.message_id)
        turn = self.turns.pop(0) if self.turns else takes
        return await turn(self.bench, parcel)


async def takes(bench, parcel):
    handed = await bench.send(parcel)
    return Response(handed.receipt, headers={"JWS-Signature": handed.signature})


async def refuses(bench, parcel):
    bench.refusing = frozenset([parcel.message_id])
    return await takes(bench, parcel)


async def is_away(bench, parcel):
    return Response(status_code=503)


async def trickles(bench, parcel):
    async def drops():
        while True:
            yield b" "
            await asyncio.sleep(0.01)

    return StreamingResponse(drops())


def when(signal, turn=takes):
    async def waits(bench, parcel):
        await asyncio.to_thread(signal.wait, 30)
        return await turn(bench, parcel)

    return waits


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    bench = Bench(tmp_path_factory.mktemp("side"))
    yield bench
    bench.close()


@pytest.fixture
def signal():
    """For which a recipient waits before it answers."""
    return threading.Event()


@pytest.fixture
def recipients(bench, signal):
    bench.forget()
    made = {name: Recipient(name, bench) for name in ("CN", "KG")}
    with ExitStack() as stack:
        for recipient in made.values():
            recipient.url = stack.enter_context(serving(recipient.app))
        stack.callback(signal.set)
        yield made


@pytest.fixture
def kg(recipients):
    return recipients["KG"]


@pytest.fixture
def cn(recipients):
    return recipients["CN"]


@pytest.fixture
def transport(bench, recipients):
    transport = HttpTransport(lambda: {name: recipient.url for name, recipient in recipients.items()})
    yield transport
    bench.loop.run_until_complete(transport.close())


async def declare(bench, recipient, *, code="9", number=None):
    """Accept a declaration; its message id."""
    sender = {"KG": "CN", "CN": "KG"}[recipient]
    said = {"kind": "declaration", "code": code, "sender": sender, "recipient": recipient, "arrival": 12 * 60}
    said |= {"id": str(uuid.uuid4()), "number": number or uuid.uuid4().hex[:20]}
    answer = await accept(bench.signed(document(said, bench.now, bench.now)), bench.gateway)
    assert answer.status == 202, answer.body
    return said["id"]


async def deliver_once(bench, transport, patience=None):
    """What is due, by a worker of its own."""
    breakers = Breakers(patience or Patience())
    for due in await claim_due(bench.gateway, breakers, {}):
        await deliver(due, bench.gateway, transport, breakers)


async def until(condition):
    await asyncio.to_thread(wait, condition)


def recorded(bench):
    """All that delivering changes."""
    return bench.rows(select(delivery).order_by(delivery.c.id)), bench.rows(select(audit.c.event, audit.c.at))


def hears_back_late(bench, kg, transport, signal, *, first, second):
    """A worker whose lease runs out while its recipient thinks, and another; what is recorded before and after."""

    async def story():
        kg.turns = [when(signal, first), second]
        await declare(bench, "KG")
        slow = asyncio.create_task(deliver_once(bench, transport))
        await until(lambda: kg.seen)
        bench.now += timedelta(seconds=61)
        await deliver_once(bench, transport)
        before = recorded(bench)
        signal.set()
        await slow
        return before, recorded(bench)

    return bench.loop.run_until_complete(story())


@pytest.mark.parametrize("late", [takes, refuses, is_away])
def test_a_worker_that_hears_back_after_its_lease_changes_nothing_of_what_another_delivered(
    bench, kg, transport, signal, late
):
    before, after = hears_back_late(bench, kg, transport, signal, first=late, second=takes)
    ((one,), events) = before
    assert (one.state, one.attempts) == ("delivered", 2)
    assert [entry.event for entry in events] == ["message-accepted", "delivered"]
    assert after == before


@pytest.mark.parametrize("late", [takes, refuses, is_away])
def test_a_worker_that_hears_back_after_its_lease_leaves_what_waits_to_whoever_tried_last(
    bench, kg, transport, signal, late
):
    before, after = hears_back_late(bench, kg, transport, signal, first=late, second=is_away)
    ((one,), _) = before
    assert (one.state, one.attempts) == ("waiting", 2)
    assert after == before


def test_an_answer_that_trickles_is_not_waited_for_beyond_the_time_of_one_send(bench, kg, transport):
    async def story():
        kg.turns = [trickles]
        await declare(bench, "KG")
        sending = deliver_once(bench, transport, Patience(send=timedelta(seconds=0.3)))
        await asyncio.wait_for(sending, 10)

    bench.loop.run_until_complete(story())
    ((one,), _) = recorded(bench)
    assert (one.state, one.problem) == ("waiting", "KG did not answer within 0.3 s")


def test_one_send_ends_before_its_lease():
    assert Patience().send < Patience().lease


@asynccontextmanager
async def worker(bench, transport, **options):
    """One that delivers what is due, until it is stopped."""
    task = asyncio.create_task(deliver_forever(bench.gateway, transport, asyncio.Event(), **options))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def delivered(bench, number):
    return lambda: [one.state for one in recorded(bench)[0]] == ["delivered"] * number


def test_a_recipient_that_does_not_answer_holds_back_no_other(bench, kg, cn, transport, signal):
    async def story():
        kg.turns = [when(signal)]
        async with worker(bench, transport):
            await declare(bench, "KG")
            await until(lambda: kg.seen)
            await declare(bench, "CN")
            await until(lambda: cn.seen)
            signal.set()
            await until(delivered(bench, 2))

    bench.loop.run_until_complete(story())


def test_a_recipient_that_does_not_answer_never_has_all_places(bench, kg, cn, transport, signal):
    async def story():
        kg.turns = [when(signal)] * 5
        for _ in range(5):
            await declare(bench, "KG")
        await declare(bench, "CN")
        async with worker(bench, transport, at_once=3, to_one=2):
            await until(lambda: cn.seen)
            await declare(bench, "CN")
            await until(lambda: len(cn.seen) == 2)
            assert len(kg.seen) == 2
            signal.set()
            await until(delivered(bench, 7))

    bench.loop.run_until_complete(story())


def test_no_more_is_sent_at_once_than_there_are_places_and_each_that_becomes_free_is_taken(
    bench, kg, cn, transport, signal
):
    async def story():
        kg.turns, cn.turns = [when(signal)] * 2, [when(signal)]
        first = [await declare(bench, "KG") for _ in range(3)]
        await declare(bench, "CN")
        async with worker(bench, transport, at_once=2, to_one=2):
            await until(lambda: len(kg.seen) == 2)
            assert (sorted(kg.seen), cn.seen) == (sorted(first[:2]), [])
            signal.set()
            await until(delivered(bench, 4))

    bench.loop.run_until_complete(story())


def test_a_message_waits_for_the_one_before_it_in_its_exchange_and_for_no_other(bench, kg, transport, signal):
    async def story():
        kg.turns = [when(signal)]
        async with worker(bench, transport):
            original = await declare(bench, "KG", number="9403202611230001")
            replacement = await declare(bench, "KG", number="9403202611230001", code="5")
            another = await declare(bench, "KG")
            await until(lambda: len(kg.seen) == 2)
            more = await declare(bench, "KG")
            await until(lambda: len(kg.seen) == 3)
            assert kg.seen == [original, another, more]
            signal.set()
            await until(delivered(bench, 4))
            assert kg.seen == [original, another, more, replacement]

    bench.loop.run_until_complete(story())


@pytest.mark.parametrize("hours", [1, -1])
def test_what_is_being_sent_is_not_sent_again_when_the_clock_is_moved(bench, kg, cn, transport, signal, hours):
    async def story():
        kg.turns = [when(signal)]
        bench.now += timedelta(hours=2)
        async with worker(bench, transport):
            await declare(bench, "KG")
            await until(lambda: kg.seen)
            bench.now += timedelta(hours=hours)
            await declare(bench, "CN")
            await until(lambda: cn.seen)
            signal.set()
            await until(delivered(bench, 2))
            assert len(kg.seen) == 1

    bench.loop.run_until_complete(story())


def test_a_worker_that_is_stopped_leaves_nothing_running_and_what_it_had_claimed_to_the_next(
    bench, kg, transport, signal
):
    async def story():
        kg.turns = [when(signal)]
        message, before = await declare(bench, "KG"), asyncio.all_tasks()
        async with worker(bench, transport):
            await until(lambda: kg.seen)
        assert asyncio.all_tasks() == before
        assert [one.state for one in recorded(bench)[0]] == ["waiting"]
        bench.now += timedelta(seconds=61)
        async with worker(bench, transport):
            await until(delivered(bench, 1))
        assert kg.seen == [message, message]

    bench.loop.run_until_complete(story())


def test_a_clock_that_is_set_back_does_not_shut_out_who_is_left_alone_for_a_moment(bench, kg, transport):
    async def story():
        kg.turns = [is_away]
        bench.now += timedelta(hours=2)
        await declare(bench, "KG")
        patience = Patience(breaker_after=1, breaker_for=timedelta(milliseconds=50))
        async with worker(bench, transport, patience=patience):
            await until(lambda: recorded(bench)[0][0].problem)
            bench.now -= timedelta(hours=1)
            await until(delivered(bench, 1))

    bench.loop.run_until_complete(story())


def test_who_does_not_answer_is_left_alone_for_a_moment_however_the_clock_is_moved(bench, kg, cn, transport):
    async def story():
        kg.turns = [is_away]
        await declare(bench, "KG")
        async with worker(bench, transport, patience=Patience(breaker_after=1)):
            await until(lambda: recorded(bench)[0][0].problem)
            bench.now += timedelta(hours=1)
            await declare(bench, "CN")
            await until(lambda: cn.seen)
            assert len(kg.seen) == 1

    bench.loop.run_until_complete(story())
