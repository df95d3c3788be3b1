"""The BorderEvent: what happened at the border to what was declared.

A document of ours: the WCO Data Model has no one message for it. Its parts have WCO names where the model has them, and
are marked unverified where they are ours. One message tells one event: the departure, the arrival, the result of a
control, a discrepancy, the import information that goes back, or that an exchange has expired.
"""

from __future__ import annotations

from gateway.message.declaration import BorderTransportMeans, Consignment
from gateway.message.element import WcoClass, optional, repeated, required
from gateway.message.leaf import ID17, ID35, ID70, Code3, Moment
from gateway.message.parts import AdditionalInformation, Measure
from gateway.message.response import ResponseDeclaration


class BorderOffice(WcoClass):
    """The customs office where it happened."""

    id: ID17 | None = optional("", "Office, coded", mandatory=True, unverified=True)


class SealCheck(WcoClass):
    """A seal as it was found."""

    condition_code: Code3 = required("", "INT intact, BRK broken, MIS missing", unverified=True)
    id: ID35 = required("165", "Number on the seal")


class ControlResult(WcoClass):
    """What a control has found."""

    conclusion_code: Code3 | None = optional("", "REL released, HLD held, REF refused", unverified=True)
    gross_mass_measure: Measure | None = optional("126", "Gross mass of the cargo as weighed")
    image_reference_id: ID70 | None = optional("", "Where the scanner's image can be asked for", unverified=True)
    seal_check: tuple[SealCheck, ...] = repeated("", "Seals as they were found", most=99, unverified=True)


class BorderEvent(WcoClass):
    """What happened at the border."""

    event_date_time: Moment = required("", "When it happened", unverified=True)
    event_type_code: Code3 = required(
        "",
        "DEP departure, ARR arrival, CTL control result, DIS discrepancy, IMP import information, EXP expiry, "
        "UND undeliverable",
        unverified=True,
    )
    functional_reference_id: ID35 = required("D026", "The event's own reference; unique for its sender")
    issue_date_time: Moment = required("D011", "When the message was issued")
    additional_information: tuple[AdditionalInformation, ...] = repeated("03A", "Statements", most=99)
    border_office: BorderOffice | None = optional("", "Where it happened", unverified=True)
    border_transport_means: BorderTransportMeans | None = optional("15A", "Vehicle as seen: plates, trailers, seals")
    consignment: tuple[Consignment, ...] = repeated("28A", "Consignments as seen, or as imported", most=999)
    control_result: ControlResult | None = optional("", "What a control has found", unverified=True)
    declaration: ResponseDeclaration = required("42A", "The declaration that it is about")
