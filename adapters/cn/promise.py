"""What is lost from a message to China's forms and back, whatever the message: the promise `not_carried`.

It is what the profile does not say that the writer writes, so the two cannot disagree. What arrives in one case and not
in another, as the place of unloading in an import manifest, is not promised to be lost: the writer reports each loss
that really happens (`loss`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from adapters.cn.codes import PROFILE
from adapters.kit.promise import all_but
from gateway.message.border_event import BorderEvent
from gateway.message.declaration import Declaration
from gateway.message.element import WcoClass
from gateway.message.response import Response

_ENVELOPE = (
    "AgencyAssignedCustomizationCode",
    "AgencyAssignedCustomizationVersionCode",
    "CommunicationMetaData",
    "ResponsibleAgencyName",
    "ResponsibleCountryCode",
    "WCODataModelVersionCode",
    "WCOTypeName",
)
"""Made anew by the reader of whatever document it reads: its own identifier, its own time."""

_OFFSET = "Times are Beijing time: the moment arrives, the offset it was written with does not."
OTHERWISE: Mapping[str, str] = MappingProxyType(
    {
        "BorderEvent/EventDateTime": _OFFSET,
        "BorderEvent/IssueDateTime": _OFFSET,
        "Declaration/BorderTransportMeans/ArrivalDateTime": _OFFSET,
        "Declaration/Consignment/LoadingLocation/LoadingDateTime": _OFFSET,
        "Declaration/Consignment/UnloadingLocation/ArrivalDateTime": _OFFSET,
        "Declaration/IssueDateTime": _OFFSET,
        "Response/IssueDateTime": _OFFSET,
    }
)
"""What is written, and is still not the same when it is read back; with the reason."""


def _without_place(kind: str, cls: type[WcoClass]) -> Iterator[str]:
    written: list[str] = PROFILE["capabilities"]["writes"][kind]["elements"]
    return all_but(cls, cls.__name__, {path.removeprefix(f"{cls.__name__}/") for path in written})


NOT_CARRIED = frozenset(
    {
        *_ENVELOPE,
        *OTHERWISE,
        *_without_place("declaration", Declaration),
        *_without_place("response", Response),
        *_without_place("border-event", BorderEvent),
    }
)
"""Element paths; that of a class covers all below it."""
