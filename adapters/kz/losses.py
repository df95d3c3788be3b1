"""The promise of what is lost between the common form and the Kazakh documents: what no row and no key names."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.kit.event import CARRIED
from adapters.kit.promise import DECIDED, all_but
from adapters.kz.information import INFORMATION_ROWS, KEYS
from adapters.kz.layout import carried
from gateway.message.border_event import BorderEvent
from gateway.message.declaration import Declaration
from gateway.message.response import Response

_NOTICE = {
    "AdditionalInformation/StatementTypeCode",
    "Declaration/ID",
    "Declaration/VersionID",
    "Error/Pointer",
    "FunctionalReferenceID",
}
"""What a ProcessingNotice has besides what every notice of a decision has."""

NOT_ALWAYS: Mapping[str, str] = {
    "Declaration/AdditionalInformation": "only a withdrawal has words",
    "Declaration/Amendment/Pointer": "only a change in part says where it changes",
}
"""Elements that the documents have and that are lost all the same → why."""

NOT_CARRIED = frozenset(
    {
        *all_but(Declaration, "Declaration", {*carried(INFORMATION_ROWS), *KEYS}),
        *all_but(BorderEvent, "BorderEvent", CARRIED),
        *all_but(Response, "Response", DECIDED | _NOTICE),
        *NOT_ALWAYS,
    }
)
"""Element paths. Every one that a message has is also reported when it is written."""
