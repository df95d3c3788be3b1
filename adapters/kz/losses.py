"""The promise of what is lost between the common form and the Kazakh documents: what no row of the layout names."""

from __future__ import annotations

from adapters.kz.event import EVENT_ROWS
from adapters.kz.event import KEYS as EVENT_KEYS
from adapters.kz.information import INFORMATION_ROWS, KEYS
from adapters.kz.layout import not_carried
from gateway.message.border_event import BorderEvent
from gateway.message.declaration import Declaration

NOT_CARRIED = frozenset(
    {
        *not_carried(Declaration, INFORMATION_ROWS, "Declaration", KEYS),
        *not_carried(BorderEvent, EVENT_ROWS, "BorderEvent", EVENT_KEYS),
        *(f"BorderEvent/AdditionalInformation/{name}" for name in ("LimitDateTime", "Pointer", "StatementCode")),
        *(f"BorderEvent/Declaration/{name}DateTime" for name in ("Acceptance", "Cancellation", "Rejection")),
        "BorderEvent/Declaration/VersionID",
        "Response/AdditionalInformation/LimitDateTime",
        "Response/AdditionalInformation/Pointer",
        "Response/Amendment",
        "Response/AppealOffice",
        "Response/ContactOffice",
        "Response/Declaration/AcceptanceDateTime",
        "Response/Declaration/CancellationDateTime",
        "Response/Declaration/RejectionDateTime",
        "Response/Status/EffectiveDateTime",
        "Response/Status/Pointer",
        "Response/Status/ReleaseDateTime",
    }
)
"""Element paths. Every one that a message has is also reported when it is written."""
