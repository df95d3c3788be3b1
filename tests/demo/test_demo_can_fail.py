"""A check that cannot fail proves nothing: where the world is otherwise, the scenario's checks say so."""

import json
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

import pytest

from gateway.demo.play import EXCHANGES
from gateway.demo.stage import Stage, staged

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]


@dataclass(frozen=True)
class Otherwise(Stage):
    """A stage on which something is done otherwise than a scenario asks. State: what it is given to do so."""

    lodged: str = ""
    event: Any = None
    while_moved: str = ""
    also: Any = None

    def control(self, country, method, path, **options):
        if self.lodged and path == "/control/lodge":
            options["params"] = {"sample": self.lodged}
        if self.event and path.startswith("/control/event/"):
            options["json"] = self.event(options["json"])
        answer = super().control(country, method, path, **options)
        if self.also and path.startswith("/control/amend/"):
            self.also(super(), country, path.rpartition("/")[2])
        return answer

    @contextmanager
    def clock_moved(self, ahead):
        if self.while_moved:
            super().control(self.while_moved, "PUT", "/control/faults/down")
        try:
            with super().clock_moved(ahead):
                yield
        finally:
            if self.while_moved:
                super().control(self.while_moved, "DELETE", "/control/faults/down")


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    with staged(tmp_path_factory.mktemp("stage"), lambda _: None) as stage:
        yield stage


def play(stage, name, **otherwise):
    """The checks of a scenario that fail."""
    parts = {field.name: getattr(stage, field.name) for field in fields(Stage)} | {"patience": 5.0}
    played = EXCHANGES[name](Otherwise(**parts, **otherwise))
    return {check.name for check in played.checks if not check.passed}


def test_a_window_that_decides_otherwise_is_seen(stage):
    stage.control("KG", "PUT", "/control/behaviour", json={"default": {"decision": "review"}})
    try:
        assert play(stage, "cn-kg") == {"answered", "state"}
    finally:
        stage.control("KG", "PUT", "/control/behaviour", json={"default": {"decision": "accept"}})


def test_a_declaration_without_faults_is_not_taken_for_a_refused_one(stage):
    right = play(stage, "refused", lodged="single-consignment")
    assert right >= {"signed-refusal", "every-fault", "number-of-faults", "three-languages", "places-xml"}
    assert right >= {"places-json", "places-national", "answered", "final-state", "nothing-delivered"}


def test_a_declaration_in_time_is_not_taken_for_a_late_one(stage):
    assert play(stage, "late", lodged="single-consignment") == {"final-state", "too-late", "nothing-delivered"}


def test_another_declaration_that_is_cancelled_by_the_way_is_seen(stage):
    def cancel_the_other(untouched, country, amended):
        listed = untouched.control(country, "GET", "/control/documents", params={"direction": "lodged"})
        other = next(each["reference"] for each in reversed(listed) if each["reference"] != amended)
        untouched.control(country, "POST", f"/control/delete/{other}", json={"reason": "001"})

    assert play(stage, "amend-then-cancel", also=cancel_the_other) == {"state", "other-untouched"}


@pytest.mark.parametrize(
    ("changed", "failing"),
    [
        ({"seals": None}, {"seal-noticed"}),
        ({"gross_mass_kg": None}, {"weight-noticed"}),
    ],
)
def test_what_an_officer_does_not_report_is_missed(stage, changed, failing):
    def report(said):
        said = json.loads(json.dumps(said))
        for name in set(said) & set(changed):
            del said[name]
        return said

    assert play(stage, "discrepancy", event=report) == failing


def test_a_window_that_is_told_of_no_expiry_is_seen(stage):
    # China's window is told, and both windows get notices of the other exchanges that expire on that day.
    failed = play(stage, "expiry", while_moved="KG")
    assert failed == {"all-delivered", "both-told"}
