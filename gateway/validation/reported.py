"""Rules that are not judged here: the faults that other parts of the gateway report under an id of their own.

They are listed beside the rules so that every finding has its sentences, its source and its way to mend it, whoever
reports it: the codecs (the form of a document), the gateway (signature, agreement, exchange) and the adapters' kit
(the national form).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gateway.message.finding import Severity
from gateway.message.metadata import MetaData
from gateway.validation.rule import Rule

_R, _H, _W, _I = Severity.REJECT, Severity.HOLD, Severity.WARN, Severity.INFO
_FORM = "the form (schemas/), as XSD and JSON Schema"
_XML = "the closed XML profile of this gateway"
_JSON = "RFC 8259, and the JSON profile of this gateway"
_BATCH = (
    "GACC on road vehicles and manifests: a waybill on several vehicles has one batch number, and they cross together"
)
_CHINA = "reasons of change in China's manifest system, 013 and 014"
_EAEU = "preliminary information on road imports into the EAEU: undeclared goods are an area of risk, as reported"
_JOINT = "practice of joint customs control between China and Mongolia, as reported; project decision"
_MATCH = "information on imports returned to the exporting side, as published for the Russian Federation and Uzbekistan"
_REHITCH = "rules of 2020 on changing tractors at the border of Kyrgyzstan and China, as reported"
_SEEN = "project decision; severity reduced from hold, because an arrival is a fact"
_TRANSIT = "transit rule of Pakistan of December 2013, as reported: more than 5 % of mass, broken seals"


def _reported(rule_id: str, severity: Severity, title: str, source: str) -> Rule:
    return Rule(rule_id, severity, title, source, MetaData, None)


FORM_RULES = (
    _reported("ACD-STR-01", _R, "An element without which the message cannot be read is there", _FORM),
    _reported("ACD-STR-02", _R, "Every element is one of the form", _FORM),
    _reported("ACD-STR-03", _R, "A value is not longer than its format allows", _FORM),
    _reported("ACD-STR-04", _R, "A value is not shorter than its format asks", _FORM),
    _reported("ACD-STR-05", _R, "A value is written as its format asks", _FORM),
    _reported("ACD-STR-06", _R, "A date and time is real and carries its offset from UTC", f"{_FORM}; RFC 3339"),
    _reported("ACD-STR-07", _R, "An element does not stand more often than the form allows", _FORM),
    _reported("ACD-STR-08", _R, "A value is of the kind that the form has at its place", _FORM),
    _reported("ACD-STR-09", _R, "An element that may stand once stands once", _FORM),
    _reported("ACD-STR-10", _R, "There is no text between elements", _XML),
    _reported("ACD-STR-11", _R, "Elements stand in the order of the form", _FORM),
    _reported("ACD-STR-12", _R, "Every attribute is one of the form", _FORM),
    _reported("ACD-STR-13", _R, "A number is in the range that its format allows", _FORM),
    _reported("ACD-STR-99", _I, "What is found is little enough to be listed", "project decision"),
    _reported("ACD-ENV-10", _R, "The document is one of the known messages", _FORM),
    _reported("ACD-ENV-11", _R, "The XML is well-formed", "XML 1.0"),
    _reported("ACD-ENV-12", _R, "The JSON is well-formed and in UTF-8", _JSON),
    _reported("ACD-ENV-13", _R, "The document is not nested deeper than any message", "project decision, for safety"),
    _reported("ACD-ENV-14", _R, "Numbers in JSON are whole; decimals are strings", _JSON),
    _reported("ACD-ENV-15", _R, "The document is in UTF-8", _XML),
    _reported("ACD-ENV-16", _R, "The XML has no document type", _XML),
    _reported("ACD-ENV-17", _R, "The XML has no processing instruction", _XML),
    _reported("ACD-ENV-18", _R, "The XML refers to nothing outside itself", _XML),
)
"""Reported by the codecs (`gateway.message`)."""

GATEWAY_RULES = (
    _reported("ACD-ENV-19", _R, "The document is in a form that is known", _FORM),
    _reported("ACD-SIG-01", _R, "The signature is good and its signer is trusted", "the signature profile"),
    _reported("ACD-SIG-02", _R, "The signer is the sender", "the signature profile"),
    _reported("ACD-AGR-01", _R, "The agreement that is cited exists", "the agreement (schemas/agreements)"),
    _reported("ACD-AGR-02", _R, "Every element is one that may leave the country", "the agreement, permitted elements"),
    _reported("ACD-AGR-04", _R, "The agreement is in force on the day", "the agreement (schemas/agreements)"),
    _reported("ACD-AGR-05", _R, "The agreement covers this direction", "the agreement (schemas/agreements)"),
    _reported("ACD-AGR-06", _R, "The agreement covers this kind of message", "the agreement (schemas/agreements)"),
    _reported("ACD-AGR-07", _R, "Test messages are agreed", "the agreement (schemas/agreements)"),
    _reported("ACD-AGR-08", _R, "The agreement covers this mode of transport", "the agreement (schemas/agreements)"),
    _reported("ACD-AGR-09", _R, "The border post is one of the agreement's", "the agreement (schemas/agreements)"),
    _reported("ACD-AGR-10", _R, "The border post is open for the exchange", "the agreement (schemas/agreements)"),
    _reported("ACD-AGR-11", _R, "The version of the agreement has not been superseded", "the agreement, its dates"),
    _reported(
        "ACD-AGR-12",
        _R,
        "The agreement covers this function, or kind of event, in this direction",
        "the agreement, its messages",
    ),
    _reported("ACD-AGR-13", _R, "Every element is one that this recipient may see", "the agreement, its transit"),
    _reported("ACD-AGR-14", _R, "The way is that of the agreed transit", "the agreement, its transit"),
    _reported("ACD-AGR-15", _R, "The two offices are the sides of one border post", "the agreement, its posts"),
    _reported("ACD-REF-01", _R, "The declaration that is meant exists and is the sender's", "project decision"),
    _reported("ACD-REF-05", _R, "A reference is used for one exchange only", "project decision"),
    _reported("ACD-REF-09", _R, "A step is taken by the side whose step it is", "the life of an exchange"),
    _reported("ACD-REF-06", _R, "The step is allowed in the state of the exchange", "the life of an exchange"),
    _reported("ACD-REF-10", _R, "A replacement or a change makes the version that follows", "project decision"),
    _reported(
        "ACD-REF-11",
        _R,
        "An answer is to the version in force, and a cancellation takes back that one",
        "project decision",
    ),
    _reported("ACD-REF-13", _R, "A version or an answer is not older than the one that holds", "project decision"),
    _reported("ACD-REF-14", _R, "A test belongs to a test, and what is none to what is none", "project decision"),
    _reported("ACD-REF-15", _R, "Few messages of one sender wait for one exchange", "project decision, for safety"),
    _reported("ACD-CON-11", _R, "A transport document is in one open declaration, or in those of one batch", _BATCH),
)
"""Reported by the gateway's steps, which know more than one message."""

CROSSING_RULES = (
    _reported("ACD-ARR-01", _H, "An arrival is announced by a declaration that was accepted", _EAEU),
    _reported(
        "ACD-ARR-02", _W, "What arrives is the vehicle with the trailers and containers that were declared", _SEEN
    ),
    _reported("ACD-CON-12", _W, "The vehicles of a batch cross together", _BATCH),
    _reported("ACD-ARR-03", _I, "The vehicle arrives not later than planned", "project decision"),
    _reported("ACD-DIS-01", _W, "The mass found by a control is the mass declared, within the tolerance", _TRANSIT),
    _reported("ACD-DIS-02", _W, "Seals arrive as they were declared: all there, none broken, no other", _TRANSIT),
    _reported("ACD-DIS-03", _W, "What was imported is what was exported, within the tolerances", _MATCH),
    _reported("ACD-DIS-04", _I, "Goods were stolen or are missing after entry, and a reason of change says so", _CHINA),
    _reported("ACD-DIS-05", _I, "Import and export agree", _MATCH),
    _reported("ACD-DIS-06", _W, "The import information says something that can be compared", _MATCH),
    _reported("ACD-DIS-07", _W, "The vehicle arrives not later than the agreement allows", _TRANSIT),
    _reported("ACD-INS-01", _I, "A control of the other side is recognised", _JOINT),
    _reported("ACD-INS-02", _I, "A control of the other side is not recognised, and why", _JOINT),
    _reported("ACD-REF-03", _R, "A declaration is not cancelled after departure", "project decision"),
    _reported(
        "ACD-RSK-01",
        _R,
        "Do not load is ordered before departure only, and no unloading after it only",
        "codes of response 12 and 13 in China's manifest system; project decision",
    ),
    _reported(
        "ACD-RSK-03",
        _W,
        "No vehicle departs whose declaration was rejected or whose loading was forbidden",
        "codes of response 12 in China's manifest system; project decision",
    ),
    _reported(
        "ACD-TIM-03",
        _W,
        "The information is sent within the time after the departure that is agreed",
        "the agreement, its limits; four hours by the agreement of the EAEU and China on the exchange of information "
        "on goods, 6 June 2019, as reported",
    ),
    _reported("ACD-TIM-05", _I, "The goods arrive before the exchange expires", "the agreement, its limits"),
    _reported("ACD-TIM-09", _W, "Goods arrive after they have left, and after they were declared", "project decision"),
    _reported("ACD-VEH-03", _W, "A vehicle has one open crossing in one direction", "project decision"),
    _reported("ACD-VEH-04", _I, "A tractor that was changed at the border pulls what was declared", _REHITCH),
)
"""Reported where an event at the border is compared with what was declared (`gateway.exchange.compare`), or comes at
a time when it cannot be."""

KIT_RULES = (
    _reported("KIT-READ-01", _R, "The national document can be read", "the country's form"),
    _reported("KIT-FIT-01", _W, "A national value fits the common form", _FORM),
    _reported("KIT-LOST-01", _I, "A value has a place in the other form", "the country's form"),
    _reported("KIT-TEST-01", _R, "A test goes to a test window, or into a form that says so", "project decision"),
    _reported("KIT-UNK-01", _W, "Every national element is known", "the country's form"),
)
"""Reported by the adapters' kit."""

RETIRED: Mapping[str, str] = MappingProxyType(
    {
        "ACD-ENV-01": "Split: the signer is judged by ACD-SIG-02, the recipient by ACD-AGR-05.",
        "ACD-ENV-02": "No finding: the same id with other content is answered by a problem document, conflict (409).",
        "ACD-ENV-03": "Judged by ACD-AGR-05 and ACD-AGR-06: the agreement names directions, and the messages of each.",
        "ACD-ENV-05": "Judged by ACD-ENV-10: each version of the form has a namespace of its own.",
        "ACD-TIM-04": "Judged by ACD-STR-06: the form has no date and time without offset.",
        "ACD-SEA-02": "Reserved: the form has no indicator of a recognised foreign seal.",
        "ACD-RTE-01": "Reserved for the routing of messages.",
        "ACD-RTE-02": "Reserved for the delivery of messages.",
        "ACD-PRV-01": "Judged by ACD-AGR-02 for what leaves the country.",
        "ACD-AUD-01": "Reserved for the audit trail.",
    }
)
"""Ids that no rule may take: replaced by another, or kept for what one message alone cannot tell."""
