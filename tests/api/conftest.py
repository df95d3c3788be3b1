"""A gateway that runs, one for each file of tests."""

import pytest

from builders.declarations import fresh
from builders.serving import running_gateway
from gateway.message.examples import examples


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    with running_gateway(tmp_path_factory.mktemp("gateway"), largest_message=200_000) as running:
        yield running


@pytest.fixture
def declaration():
    """A declaration that passes, with an id and a reference that nobody has used."""
    return fresh(examples("declaration")["road"])
