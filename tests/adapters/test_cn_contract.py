"""China's adapter does what every adapter must do."""

import pytest

from adapters.cn import ADAPTER
from adapters.kit.suite import *  # noqa: F403


@pytest.fixture
def adapter():
    return ADAPTER
