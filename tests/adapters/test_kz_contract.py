"""Kazakhstan's adapter does what every adapter must do."""

import pytest

from adapters.kit.suite import *  # noqa: F403
from adapters.kz import ADAPTER


@pytest.fixture
def adapter():
    return ADAPTER
