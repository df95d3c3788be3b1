"""Gateways to talk to."""

import uuid
from contextlib import ExitStack

import pytest
from exchange.life_bench import every_function
from exchange.talk import Talk

from builders.serving import running_gateway, serving


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    """A gateway whose participants have no endpoints: nothing is delivered, nobody moves the clock."""
    folder = tmp_path_factory.mktemp("life")
    talk = Talk()
    with running_gateway(folder, clock=talk, agreements=every_function(folder / "agreements")) as talk.gateway:
        yield talk


@pytest.fixture
def talk(quiet):
    quiet.number = uuid.uuid4().hex[:20]
    return quiet


@pytest.fixture
def languages():
    """Of the agreement of the moving gateway."""
    return '"en", "ru", "zh"'


@pytest.fixture
def moving(tmp_path, languages):
    """A gateway of its own that delivers to both, and whose clock may be moved."""
    talk = Talk()
    with ExitStack() as stack:
        endpoints = {name: stack.enter_context(serving(window.app)) for name, window in talk.windows.items()}
        agreements = every_function(tmp_path / "agreements", languages)
        talk.gateway = stack.enter_context(
            running_gateway(tmp_path, clock=talk, endpoints=endpoints, agreements=agreements)
        )
        yield talk
