"""Decisions: what a national code of an outcome is in the common form, and which code says what a response says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from adapters.kit.sheet import Sheet
from gateway.message.finding import Severity
from gateway.message.parts import Pointer
from gateway.message.response import Response
from gateway.message.table import elements


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision is in the common form.

    Attributes:
        function: `Response/FunctionCode`.
        status: `Status/NameCode`, or "".
        statement: `AdditionalInformation/StatementCode`, or "".
        text: The standard sentence of the national document.
    """

    function: str
    status: str
    statement: str
    text: str


def written_outcome(
    sheet: Sheet, response: Response, outcomes: Mapping[str, Outcome], *, rule: str, otherwise: str
) -> str:
    """The national code of the outcome that a response says, the first in the table; what the code says is said.

    Args:
        sheet: The document being written.
        response: The response.
        outcomes: National code → outcome.
        rule: The country's rule that a response breaks for whose outcome the table has no code (`REJECT`).
        otherwise: The code that is written then; one that decides nothing.
    """
    status = {at.name_code for at in response.status} | {""}
    statements = {at.statement_code for at in response.additional_information} | {""}
    for code, outcome in outcomes.items():
        same = outcome.function == response.function_code
        if same and outcome.status in status and outcome.statement in statements:
            # Only what comes back at its place is said: the code is read as one status.
            if response.status and response.status[0].name_code == outcome.status:
                sheet.said.add("/Response/Status/0/NameCode")
            return code
    sheet.say(rule, Severity.REJECT, "/Response/FunctionCode", response.function_code)
    return otherwise


def kept_steps(here: str, chain: tuple[Pointer, ...], back: tuple[Pointer, ...]) -> Iterator[str]:
    """JSON Pointers of what a national place keeps of a chain of WCO pointers.

    Args:
        here: JSON Pointer of the class that has the chain.
        chain: The chain.
        back: The chain that the country's reader makes of the place that was written for it.
    """
    for at, (step, kept) in enumerate(zip(chain, back, strict=False)):
        for element in elements(Pointer):
            if getattr(step, element.attribute) == getattr(kept, element.attribute):
                yield f"{here}/Pointer/{at}/{element.name}"
