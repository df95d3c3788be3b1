"""Checks of how a scenario ended: what the gateway tells each side, and what each window holds.

What is still on its way is waited for, so that a check fails only for what does not come.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal

from lxml import etree

from gateway.agreements.loading import load_agreements
from gateway.demo import watch
from gateway.demo.checks import Check, among, check, need, same
from gateway.demo.reading import read_message, xml_in
from gateway.demo.stage import OUTSIDER, Stage
from gateway.errors import DeliveryFailed
from gateway.message.metadata import DeclarationMessage
from gateway.message.xml_twin import write_xml
from gateway.published import published

QUIET = 1.0
"""Seconds in which what must not be delivered would have been: several times as long as a delivery takes."""


def state(stage: Stage, exchange: str, readers: Sequence[str], wanted: str) -> Check:
    """Both parties see the exchange in the state that was wanted; an outsider sees that there is nothing."""

    def look() -> str:
        for reader in readers:
            seen = stage.told(f"/v1/exchanges/{exchange}", reader)["state"]
            need(seen == wanted, f"{reader}: {seen}")
        _hidden(stage, f"/v1/exchanges/{exchange}", OUTSIDER)
        return f"{wanted} · {OUTSIDER}: 404"

    return check("state", look)


def _hidden(stage: Stage, path: str, reader: str) -> None:
    status = stage.ask(path, reader).status_code
    need(status == 404, f"{reader}: {status}")


def all_delivered(stage: Stage, exchange: str, reader: str) -> Check:
    """Every message of an exchange has a delivery, and every delivery is proven."""

    def missing() -> list[str]:
        told = stage.told(f"/v1/exchanges/{exchange}", reader)
        proven = [delivery["messageId"] for delivery in told["deliveries"] if delivery["state"] == "delivered"]
        return [message["messageId"] for message in told["messages"] if message["messageId"] not in proven]

    def look() -> str:
        watch.until(lambda: not missing(), lambda: f"not delivered: {missing()}", stage.patience)
        messages = stage.told(f"/v1/exchanges/{exchange}", reader)["messages"]
        need(bool(messages), "The exchange has no messages")
        return str(len(messages))

    return check("all-delivered", look)


def outcome(stage: Stage, message_id: str, sender: str, recipient: str, wanted: str) -> Check:
    """A message that came to nothing: its sender sees how it ended, the recipient that there is none."""

    def look() -> str:
        told = stage.told(f"/v1/messages/{message_id}", sender)
        same(told["outcome"], wanted)
        need(told["exchangeId"] is None, f"It is in the exchange {told['exchangeId']}")
        _hidden(stage, f"/v1/messages/{message_id}", recipient)
        return wanted

    return check("final-state", look)


def nothing_delivered(stage: Stage, message_id: str, sender: str, recipient: str, reference: str) -> Check:
    """The gateway has nothing to deliver of a message, and for a while nothing comes; the window holds nothing."""

    def look() -> str:
        same(stage.told(f"/v1/messages/{message_id}", sender)["deliveries"], [])
        end = time.monotonic() + QUIET
        while time.monotonic() < end:
            came = [passed for passed in stage.delivered[recipient].passed if reference.encode() in passed.request]
            need(not came, f"{len(came)} delivered")
            time.sleep(0.05)
        return same(len(watch.received(stage, recipient, reference)), 0)

    return check("nothing-delivered", look)


def holds(name: str, stage: Stage, country: str, reference: str, *wanted: str) -> Check:
    """A window has received these documents about a reference and no other, each with what it led to there.

    Args:
        name: Key of the check's text.
        stage: Everything that runs.
        country: Whose window.
        reference: As the window files it.
        wanted: Type and state of each document, in any order.
    """

    def seen() -> list[str]:
        return sorted(
            f"{document['type']} {document['state']}" for document in watch.received(stage, country, reference)
        )

    def look() -> str:
        watch.until(lambda: seen() == sorted(wanted), lambda: f"NSW {country} has {seen()}", stage.patience)
        return " · ".join(wanted)

    return check(name, look)


def says(name: str, stage: Stage, country: str, reference: str, *texts: str) -> Check:
    """A document that a window has received about a reference names it, and holds all these texts."""

    def there() -> bool:
        wanted = [text.encode() for text in (reference, *texts)]
        return any(all(text in body for text in wanted) for body in _bodies(stage, country, reference))

    def look() -> str:
        watch.until(there, lambda: f"NSW {country} has no {' · '.join(texts)}", stage.patience)
        return " · ".join(texts)

    return check(name, look)


def _bodies(stage: Stage, country: str, reference: str) -> list[bytes]:
    return [stage.document(country, document["id"]) for document in watch.received(stage, country, reference)]


def told_of(event: str, stage: Stage, reference: str, countries: Sequence[str]) -> Check:
    """Each window has been told once of an event in the very exchange, in a document that names its reference."""

    def notices(country: str) -> list[str]:
        return [
            document["type"]
            for document in watch.received(stage, country, reference)
            if document["state"] == event and reference.encode() in stage.document(country, document["id"])
        ]

    def notice(country: str) -> str:
        found = watch.until(
            lambda: notices(country), lambda: f"NSW {country} has no {event} of {reference}", stage.patience
        )
        need(len(found) == 1, f"NSW {country} was told {len(found)} times")
        return f"{country} {found[0]}"

    return check("both-told", lambda: " · ".join(notice(country) for country in countries))


def seal_noticed(stage: Stage, reference: str, seal: str, rules: set[str]) -> Check:
    """The gateway told the receiving side that a seal differs, and the sender's window reads which is broken."""

    def conditions() -> list[tuple[str | None, str | None]]:
        seals = [s for body in _bodies(stage, "CN", reference) for s in _all(body, "Seal")]
        return [(each.findtext("{*}ID"), each.findtext("{*}ConditionCode")) for each in seals]

    def look() -> str:
        broken = "2"  # China's form: 1 intact, 2 broken
        watch.until(lambda: (seal, broken) in conditions(), lambda: f"NSW CN has {conditions()}", stage.patience)
        return f"{among('ACD-DIS-02', rules)} · {seal}"

    return check("seal-noticed", look)


def _all(body: bytes, name: str) -> list[etree._Element]:
    return [found for root in xml_in(body) for found in root.iter(f"{{*}}{name}")]


def told_once(stage: Stage, reference: str, sender: str, recipients: Sequence[str]) -> Check:
    """Each recipient has one exchange and one document; none sees the exchange of another."""

    def look() -> str:
        opened = watch.exchanges(stage, reference, sender)
        same(sorted(each["recipient"] for each in opened), sorted(recipients))
        for each in opened:
            same(len(watch.received(stage, each["recipient"], reference)), 1)
            for other in set(recipients) - {each["recipient"]}:
                _hidden(stage, f"/v1/exchanges/{each['exchangeId']}", other)
        return str(len(opened))

    return check("told-once", look)


def only_permitted(stage: Stage, reference: str, lodged: bytes) -> Check:
    """Each country was told no element that its leg of the transit does not permit, and one less than the other.

    What the goods are worth is for the country of destination alone: the value that was lodged stands in the document
    of that window, and not in that of the country that is passed.
    """
    agreement = load_agreements(published("agreements"))["cn-kg-uz-transit", "1"]

    def look() -> str:
        sizes = {}
        for country in ("KG", "UZ"):
            leg = agreement.leg(country)
            told = _elements(_delivered(stage, country, reference))
            more = [path for path in told if leg is None or not _covered(path, leg.permitted)]
            need(not more, f"{country} was told more: {more[:3]}")
            sizes[country] = len(told)
        worth = [Decimal(str(each.text)) for each in _all(lodged, "ValueAmount")]
        need(bool(worth), "The goods have no value")
        for value in worth:
            need(_says_figure(stage, "UZ", reference, value), f"NSW UZ has no {value}")
            need(not _says_figure(stage, "KG", reference, value), f"NSW KG has {value}")
        return " · ".join(f"{country} {size}" for country, size in sizes.items())

    return check("only-what-is-permitted", look)


def _says_figure(stage: Stage, country: str, reference: str, value: Decimal) -> bool:
    """Whether a figure stands in a document of a window, with or without decimals."""
    figure = re.compile(rf"(?<![\d.]){re.escape(f'{value.normalize():f}')}(\.0+)?(?![\d.])")
    return any(figure.search(body.decode()) for body in _bodies(stage, country, reference))


def _delivered(stage: Stage, country: str, reference: str) -> DeclarationMessage:
    for passed in stage.delivered[country].passed:
        message = read_message(passed)
        if isinstance(message, DeclarationMessage) and message.declaration.functional_reference_id == reference:
            return message
    raise DeliveryFailed(f"Nothing was delivered to {country} under {reference}")


def _elements(message: DeclarationMessage) -> list[str]:
    """The path of every leaf of the declaration, as agreements write it."""
    root = etree.fromstring(write_xml(message))
    leaves = [node for top in root.iter("{*}Declaration") for node in top.iter(etree.Element) if not len(node)]
    return [_path(leaf) for leaf in leaves]


def _path(node: etree._Element) -> str:
    names = [etree.QName(each).localname for each in (node, *node.iterancestors())]
    return "/".join(reversed(names[:-1]))


def _covered(path: str, permitted: frozenset[str]) -> bool:
    return any(path == each or path.startswith(each + "/") for each in permitted)


def one_waybill(declared: Mapping[str, DeclarationMessage]) -> Check:
    """Each truck was declared with goods, and all under one waybill."""

    def look() -> str:
        found = set()
        for truck, message in declared.items():
            waybills = {c.transport_contract_document for c in message.declaration.consignment}
            numbers = {waybill.id for waybill in waybills if waybill is not None and waybill.id}
            need(bool(numbers), f"{truck} has no waybill")
            found |= numbers
        need(len(found) == 1, f"{sorted(found)}")
        return found.pop()

    return check("one-waybill", look)
