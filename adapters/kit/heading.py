"""What every message of the common form begins with, whatever the national form."""

from __future__ import annotations

from typing import Any

from gateway.message.metadata import BorderEventMessage, DeclarationMessage, MetaData, ResponseMessage

_TYPES: dict[type[MetaData], str] = {DeclarationMessage: "CRI", ResponseMessage: "RES", BorderEventMessage: "EVENT"}

RELATION = (
    "/AgencyAssignedCustomizationCode",
    "/AgencyAssignedCustomizationVersionCode",
    "/WCODataModelVersionCode",
    "/WCOTypeName",
    "/CommunicationMetaData/AgreementID",
    "/CommunicationMetaData/AgreementVersionID",
    "/CommunicationMetaData/Sender/ID",
    "/CommunicationMetaData/Recipient/ID",
)
"""What no national document says: who sends what to whom is the gateway's business, inside which it is handed over."""


def heading(kind: type[MetaData], country: str | None) -> dict[str, Any]:
    """Profile, model and kind of a message, and the country that answers for it: attributes of `MetaData`, by name.

    Args:
        kind: Class of the message.
        country: ISO 3166-1 alpha-2; None where the document names none.
    """
    return {
        "agency_assigned_customization_code": "ACD",
        "agency_assigned_customization_version_code": "1",
        "responsible_country_code": country,
        "wco_data_model_version_code": "3.6",
        "wco_type_name": _TYPES[kind],
    }
