"""The stage: what cannot be asked is a clear problem that names what was asked."""

from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from gateway.demo import checks, watch
from gateway.demo.stage import Stage
from gateway.demo.tap import Passed
from gateway.errors import DeliveryFailed


@contextmanager
def answering(answer):
    """A stage on which every server answers so."""

    def handle(request):
        if isinstance(answer, Exception):
            raise answer
        return answer

    with httpx.Client(transport=httpx.MockTransport(handle)) as client:
        yield Stage(None, None, "http://gateway", {"KG": "http://kg"}, {}, {}, client, Path("clock"))


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (httpx.ConnectError("refused"), "http://kg/control/documents: ConnectError"),
        (httpx.Response(404, text="no such"), "NSW KG /control/documents: 404 no such"),
        (httpx.Response(200, text="<html>"), "NSW KG /control/documents: 200, and the answer is no JSON"),
    ],
)
def test_a_window_that_does_not_answer_is_a_clear_problem(answer, told):
    with answering(answer) as stage, pytest.raises(DeliveryFailed, match=told):
        watch.received(stage, "KG")


def test_a_gateway_that_has_gone_is_a_failed_check():
    passed = Passed(None, "/v1/messages", {"content-type": "application/xml"}, b"", 200, {}, b"")
    with answering(httpx.ConnectError("refused")) as stage:
        assert not checks.repeated(stage, passed).passed


def test_an_adapter_that_does_not_take_it_is_a_clear_problem():
    refused = httpx.Response(200, json={"sent": "sent-1", "status": 422, "reply": "why"})
    with answering(refused) as stage, pytest.raises(DeliveryFailed, match="was answered 422: why"):
        watch.handed_over(stage, "KG", "/control/event/9403")
