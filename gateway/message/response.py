"""The Response: what the receiving authority answers to a declaration (WCO class 07B)."""

from __future__ import annotations

from typing import ClassVar

from gateway.message.element import WcoClass, optional, repeated, required
from gateway.message.leaf import ID9, ID17, ID35, ID70, Code3, Code17, Moment, N2Code, Text512
from gateway.message.parts import AdditionalInformation, Amendment, Communication, Pointer


class AppealOffice(WcoClass):
    """Where the decision can be appealed against."""

    wco_class: ClassVar[str] = "07A"
    id: ID17 | None = optional("G001", "Office, coded")


class ContactOffice(WcoClass):
    """Who can be asked about the decision."""

    wco_class: ClassVar[str] = "35A"
    id: ID17 | None = optional("G002", "Office, coded")
    communication: tuple[Communication, ...] = repeated("25A", "How to reach the office", most=9)


class Error(WcoClass):
    """One thing that the receiving authority found wrong."""

    wco_class: ClassVar[str] = "53A"
    description: Text512 | None = optional("488", "What is wrong, in words")
    validation_code: Code17 | None = optional("377", "What is wrong, coded: a rule id of either side")
    pointer: tuple[Pointer, ...] = repeated("97A", "Where, step by step from the root", most=20)


class Status(WcoClass):
    """Where the declaration stands."""

    wco_class: ClassVar[str] = "12B"
    effective_date_time: Moment | None = optional("380", "Since when")
    name_code: Code3 | None = optional("379", "Status, coded", "status")
    release_date_time: Moment | None = optional("277", "When the goods were released")
    pointer: tuple[Pointer, ...] = repeated("97A", "What the status is about", most=20)


class ResponseDeclaration(WcoClass):
    """The declaration that is answered."""

    wco_class: ClassVar[str] = "42A"
    acceptance_date_time: Moment | None = optional("023", "When it was accepted")
    cancellation_date_time: Moment | None = optional("373", "When it was cancelled")
    functional_reference_id: ID35 | None = optional("D026", "The sender's own reference", mandatory=True)
    id: ID70 | None = optional("D014", "Number given at registration by the receiving side")
    rejection_date_time: Moment | None = optional("374", "When it was rejected")
    version_id: ID9 | None = optional("383", "Version that is answered")


class Response(WcoClass):
    """The answer of the receiving authority."""

    wco_class: ClassVar[str] = "07B"
    function_code: N2Code = required(
        "017", "11 response with status, 44 accepted, 45 under review, 27 not accepted", "functions"
    )
    functional_reference_id: ID35 = required("D026", "The answer's own reference; unique for its sender")
    issue_date_time: Moment = required("D029", "When it was issued")
    additional_information: tuple[AdditionalInformation, ...] = repeated("03A", "Statements", most=99)
    amendment: tuple[Amendment, ...] = repeated("06A", "What is to be changed", most=99)
    appeal_office: AppealOffice | None = optional("07A", "Where to appeal")
    contact_office: tuple[ContactOffice, ...] = repeated("35A", "Whom to ask", most=9)
    declaration: ResponseDeclaration = required("42A", "The declaration that is answered")
    error: tuple[Error, ...] = repeated("53A", "What is wrong", most=999)
    status: tuple[Status, ...] = repeated("12B", "Where the declaration stands", most=9)
