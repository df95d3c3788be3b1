"""What the adapters promise as lost is what their profiles do not have: nothing is both, nothing is neither."""

from pathlib import Path

import pytest

from adapters.kg import ADAPTER as KG
from adapters.kg import losses as of_kg
from adapters.kit.contract import Adapter
from adapters.kit.promise import all_but
from adapters.kz import ADAPTER as KZ
from adapters.kz import losses as of_kz
from adapters.uz import ADAPTER as UZ
from adapters.uz import losses as of_uz
from gateway.agreements.agreement import covers
from gateway.agreements.capabilities import load_capabilities
from gateway.message.metadata import KINDS
from gateway.message.table import by_name


def written(adapter: Adapter) -> frozenset[str]:
    """The elements that the adapter declares to write, of all kinds of messages."""
    declared = load_capabilities(Path(adapter.texts).parent / "profile.toml").writes.values()
    return frozenset().union(*(carried.elements for carried in declared))


@pytest.mark.parametrize(("adapter", "losses"), [(KG, of_kg), (KZ, of_kz), (UZ, of_uz)], ids=["KG", "KZ", "UZ"])
def test_what_is_written_and_promised_lost_all_the_same_has_a_reason(adapter, losses):
    both = {
        path
        for path in adapter.not_carried
        if covers(written(adapter), path) or any(covers(frozenset({path}), element) for element in written(adapter))
    }
    assert both == set(losses.NOT_ALWAYS)
    assert all(losses.NOT_ALWAYS.values())


@pytest.mark.parametrize("adapter", [KG, KZ, UZ], ids=lambda adapter: adapter.country)
def test_what_is_not_written_is_promised_lost(adapter):
    for kind in KINDS.values():
        document = by_name(kind)[kind.document]
        here = f"{kind.document}/"
        there = {element.removeprefix(here) for element in written(adapter) if element.startswith(here)}
        lacking = set(all_but(document.child, kind.document, there))
        assert [path for path in sorted(lacking) if not covers(adapter.not_carried, path)] == []
