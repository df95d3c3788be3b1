"""Kyrgyzstan's adapter does what every adapter must do."""

import pytest

from adapters.kg import ADAPTER
from adapters.kit.suite import *  # noqa: F403


@pytest.fixture
def adapter():
    return ADAPTER
