"""Rules about the drivers."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage
from gateway.validation.rule import Context, Hit, rule
from gateway.validation.walk import is_complete, is_road

_MASTER = "/Declaration/BorderTransportMeans/Master"


@rule(
    "ACD-CRW-01",
    Severity.REJECT,
    "A road vehicle has at least one driver, and every driver has a role",
    source="EAEU road preliminary information, schema of format album 5.23.0: representative of the carrier, with role",
    about=DeclarationMessage,
)
def driver_with_role(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """At least one driver; each with a role code. Whether a document number is needed is the agreement's."""
    declaration = message.declaration
    means = declaration.border_transport_means
    if means is None or not is_road(declaration) or not is_complete(declaration):
        return
    if not means.master:
        yield Hit(_MASTER)
    for index, driver in enumerate(means.master):
        if driver.role_code is None:
            yield Hit(f"{_MASTER}/{index}/RoleCode")


RULES = (driver_with_role,)
