"""The worker's loop survives whatever happens inside: a fault must not stop delivery for good."""

import asyncio

import pytest

from builders.declarations import fresh
from builders.serving import register, running_gateway, wait
from gateway.exchange.deliver import deliver_forever
from gateway.message.examples import examples


class Broken:
    """A transport with a bug."""

    def __init__(self):
        self.asked = 0

    async def send(self, parcel):
        self.asked += 1
        raise RuntimeError("a bug")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_bug_while_delivering_does_not_end_the_worker(tmp_path):
    with running_gateway(tmp_path) as running:
        register(running.workshop, {})
        inner, broken = running.app.state.gateway, Broken()
        message = fresh(examples("declaration")["road"])

        async def work():
            task = asyncio.create_task(deliver_forever(inner, broken, asyncio.Event()))
            await asyncio.to_thread(running.post, message)
            await asyncio.to_thread(wait, lambda: broken.asked >= 1)
            await asyncio.sleep(0)
            alive = not task.done()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return alive

        assert asyncio.run(work())
