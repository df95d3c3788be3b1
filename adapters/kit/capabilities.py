"""What an adapter really reads and writes, found by trying: the source of `[capabilities]` in its `profile.toml`.

`python -m adapters.kit.capabilities CN` prints the section anew; a test holds every adapter's section against it. What
is read is what the adapter makes of its own country's example documents, so the examples should hold whatever the form
can. What is written is tried with the published examples, the adapter's own, and a message with every element of the
common form: an element arrives where, in one of them, the writer neither reports it lost nor unfit.
"""

from __future__ import annotations

import argparse
import copy
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple, cast

from adapters.kit.contract import MEDIA_TYPES, Adapter, National, Route, Setting
from gateway import installed
from gateway.agreements import load_agreements
from gateway.agreements.agreement import AGREED_EVENTS, CODED
from gateway.agreements.capabilities import Capabilities, Carried
from gateway.errors import GatewayError
from gateway.message.declaration import Declaration
from gateway.message.element import WcoClass
from gateway.message.finding import Finding, Severity
from gateway.message.leaf import DateTime, Fixed, Indicator, String, Whole
from gateway.message.metadata import KINDS, Message
from gateway.message.table import Element, by_name, elements
from gateway.published import published
from gateway.validation.codelists import load_codelists

Tree = dict[str, Any]
_FUNCTIONS = {
    "declaration": ("9", "5", "4", "2", "1", "13"),
    "response": ("11", "27", "29", "44", "45"),
    "border_event": AGREED_EVENTS,
}
"""Function codes that are tried, of border events their kinds."""
_SHORTEST_TRIED = 20
"""Formats of fewer characters are codes and identifiers of a fixed shape, whose length says nothing."""
_MOST_TRIED = 12
"""Repetitions beyond this are not tried; no national form is known with a limit between it and hundreds."""
_MODE = "/Declaration/BorderTransportMeans/ModeCode"
_CIRCUMSTANCE = "/Declaration/SpecificCircumstancesCodeCode"
_CIRCUMSTANCES = ("EMP",)
"""Circumstances to which the common form gives a meaning: a vehicle without cargo."""
_KIND = "/Declaration/BorderTransportMeans/TransportEquipment/0/TypeCode"
"""What is pulled or carried without cargo: a form may know trailers and not containers."""


class Tried(NamedTuple):
    """A message and the places that its writer reported lost or unfit; None where it made no document."""

    tree: Tree
    told: frozenset[str] | None


def observed(adapter: Adapter) -> Capabilities:
    """What an adapter reads and writes."""
    reads, writes = {}, {}
    for kind in KINDS:
        documents = list(_readings(adapter, kind))
        if not documents:
            continue  # a kind of which the country shows no document is not one that it can
        own, name = [tree for tree in documents if _sender(tree) == adapter.country], kind.replace("_", "-")
        if own:
            reads[name] = _read(kind, own)
        tried = [_try(adapter, kind, tree) for tree in _candidates(adapter, kind)]
        if any(one.told is not None for one in tried):
            writes[name] = _written(adapter, kind, tried)
    return Capabilities.model_validate({"country": adapter.country, "reads": reads, "writes": writes})


def _read(kind: str, documents: list[Tree]) -> Carried:
    name = KINDS[kind].document
    return Carried(
        functions=_listed_functions(kind, {code for tree in documents if (code := tree[name].get(_coded(kind)))}),
        modes=tuple(sorted({mode for tree in documents if (mode := _value(tree, _MODE))})),
        circumstances=tuple(sorted({code for tree in documents if (code := _value(tree, _CIRCUMSTANCE))})),
        elements=_together(name, {_path(at) for tree in documents for at in _leaves(kind, tree)}),
        codes=_kinds({kind for tree in documents for kind in _equipment(tree)}),
    )


def _coded(kind: str) -> str:
    return CODED[kind.replace("_", "-")]


def _listed_functions(kind: str, codes: set[str]) -> tuple[str, ...]:
    """The codes, in order; of border events only where they are not all that may be agreed: none listed means all."""
    every = kind == "border_event" and codes >= set(AGREED_EVENTS)
    return () if every else tuple(sorted(codes))


def _equipment(tree: Tree) -> Iterator[str]:
    listed = _value(tree, _KIND.removesuffix("/0/TypeCode"))
    return (one["TypeCode"] for one in listed or () if "TypeCode" in one)


def _kinds(found: set[str]) -> Mapping[str, frozenset[str]]:
    """The kinds of a vehicle's equipment, where they are not all that the code list has."""
    some = found and found != set(load_codelists()["equipment_types"].codes)
    return {_path(_KIND): frozenset(found)} if some else {}


def _written(adapter: Adapter, kind: str, tried: list[Tried]) -> Carried:
    name = KINDS[kind].document
    arrived = {_path(at) for one in tried for at in _leaves(kind, one.tree) if _arrives(at, one.told)}
    modes = load_codelists()["transport_modes"].codes
    return Carried(
        functions=_listed_functions(
            kind, set(_codes(adapter, kind, tried, f"/{name}/{_coded(kind)}", _FUNCTIONS[kind]))
        ),
        modes=tuple(sorted(_codes(adapter, kind, tried, _MODE, modes))) if kind == "declaration" else (),
        circumstances=tuple(_codes(adapter, kind, tried, _CIRCUMSTANCE, _CIRCUMSTANCES)),
        elements=_together(name, arrived),
        codes=_kinds(set(_codes(adapter, kind, tried, _KIND, load_codelists()["equipment_types"].codes))),
        lengths=dict(_lengths(adapter, kind, tried, arrived)),
        counts=dict(_counts(adapter, kind, tried)),
    )


def _codes(adapter: Adapter, kind: str, tried: list[Tried], at: str, codes: Iterable[str]) -> Iterator[str]:
    for code in codes:
        trees = [_with(one.tree, at, code) for one in tried if _value(one.tree, at) is not None]
        if any(_arrives(at, _try(adapter, kind, tree).told) for tree in trees):
            yield code


def _lengths(adapter: Adapter, kind: str, tried: list[Tried], arrived: set[str]) -> Iterator[tuple[str, int]]:
    """Texts and identifiers of which the writer takes fewer characters than the common form has."""
    for path, (at, one) in sorted(_first_places(kind, tried).items()):
        leaf = _element(path).leaf
        if path not in arrived or not isinstance(leaf, String) or leaf.lengths[1] < _SHORTEST_TRIED:
            continue
        value = str(_value(one.tree, at))

        def fits(length: int, at: str = at, tree: Tree = one.tree, value: str = value) -> bool:
            longer = (value.replace(" ", "") + "1" * length)[:length]
            return _arrives(at, _try(adapter, kind, _with(tree, at, longer)).told)

        low, high = len(value), leaf.lengths[1]
        if low >= high or fits(high):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if fits(middle) else (low, middle)
        if low > len(value):
            yield path, low


def _counts(adapter: Adapter, kind: str, tried: list[Tried]) -> Iterator[tuple[str, int]]:
    """Classes of which the writer takes fewer than the common form has."""
    seen: set[str] = set()
    for one in tried:
        if one.told is None:
            continue
        for at, items, most in _repeated(kind, one.tree):
            if _path(at) in seen or not _arrives(f"{at}/0", one.told):
                continue
            seen.add(_path(at))
            several = [copy.deepcopy(items[0]) for _ in range(min(most, _MOST_TRIED))]
            told = _try(adapter, kind, _with(one.tree, at, several)).told
            taken = sum(_arrives(f"{at}/{number}", told) for number in range(len(several)))
            if 0 < taken < len(several):
                yield _path(at), taken


def _try(adapter: Adapter, kind: str, tree: Tree) -> Tried:
    written = adapter.write(KINDS[kind].model_validate(tree, by_alias=True, by_name=False))
    if not written.document.body or any(finding.severity is Severity.REJECT for finding in written.findings):
        return Tried(tree, None)
    return Tried(tree, frozenset(finding.pointer for finding in written.findings if _is_loss(finding)))


def _is_loss(finding: Finding) -> bool:
    """Whether a writer's finding says that a value did not arrive: the kit's own, or a warning of the country's."""
    return finding.rule == "KIT-LOST-01" or finding.severity is Severity.WARN


def _arrives(at: str, told: frozenset[str] | None) -> bool:
    """Whether a place is not among those that were reported, nor below one."""
    if told is None:
        return False
    names = at.split("/")
    return not any("/".join(names[: depth + 1]) in told for depth in range(1, len(names)))


# Messages to try


def _candidates(adapter: Adapter, kind: str) -> Iterator[Tree]:
    for file in sorted(published(kind, "v1", "examples").glob("*.json")):
        message = KINDS[kind].model_validate_json(file.read_bytes(), by_alias=True, by_name=False)
        yield _addressed(_tree(message), adapter)
    for tree in _readings(adapter, kind):
        yield _addressed(tree, adapter)
    yield _addressed(_complete(kind), adapter)


def _readings(adapter: Adapter, kind: str) -> Iterator[Tree]:
    for file in sorted(adapter.examples.rglob("*")):
        if file.suffix in MEDIA_TYPES:
            document = National(file.read_bytes(), MEDIA_TYPES[file.suffix], file.name)
            readings = (adapter.read(document, setting) for setting in _settings(adapter.country))
            message = next((reading.message for reading in readings if reading.message is not None), None)
            if isinstance(message, KINDS[kind]):
                yield _tree(message)


def _settings(country: str) -> Iterator[Setting]:
    """One with every neighbour, then one with each alone: a document that names none can only be for the one."""
    agreed = load_agreements(published("agreements")).values()
    countries = sorted({each.country(party) for each in agreed for party in each.parties} - {country})
    routes = {code: Route(code, "-", "1") for code in countries}
    yield Setting(country, routes)
    for code, route in routes.items():
        yield Setting(country, {code: route})


def _tree(message: Message) -> Tree:
    tree: Tree = message.model_dump(mode="json", exclude_defaults=True)
    return tree


def _sender(tree: Tree) -> str:
    return str(tree["CommunicationMetaData"]["Sender"]["ID"])


def _addressed(tree: Tree, adapter: Adapter) -> Tree:
    """The same message, meant for the adapter's country and sent by another."""
    tree = copy.deepcopy(tree)
    head = tree["CommunicationMetaData"]
    ends = (_sender(tree), str(head["Recipient"]["ID"]), "KG", "CN")
    other = next(one for one in ends if one != adapter.country and len(one) == 2)  # the gateway sends events, too
    head["Sender"], head["Recipient"] = {"ID": other}, {"ID": adapter.country}
    tree["ResponsibleCountryCode"] = other
    return tree


@cache
def _complete(kind: str) -> Tree:
    """A message with every element of the form once; its codes are in their lists."""
    tree = _every_element(KINDS[kind])
    tree["CommunicationMetaData"] |= {"Sender": {"ID": "XX"}, "Recipient": {"ID": "XY"}}
    document = tree[KINDS[kind].document]
    if kind in ("declaration", "response"):
        document["FunctionCode"] = "9" if kind == "declaration" else "44"
    if kind == "declaration":
        document["BorderTransportMeans"] |= {"ModeCode": "3", "IdentificationTypeCode": "30"}
        document["SpecificCircumstancesCodeCode"] = "A"
    return tree


def _every_element(cls: type[WcoClass]) -> Tree:
    tree: Tree = {}
    for element in elements(cls):
        value = _plain(element) if element.child is None else _every_element(element.child)
        tree[element.name] = [value] if element.repeated else value
    return tree


def _plain(element: Element) -> Any:
    leaf = element.leaf
    if element.name in ("unitCode", "currencyID"):
        return "USD" if element.name == "currencyID" else "KGM"
    if isinstance(leaf, String):
        longest = leaf.lengths[1]
        codes = load_codelists()[element.codes].codes if element.codes else ()
        shape = leaf.format.rstrip("0123456789.")
        plain = {"a": "ABC"[:longest], "n": "1263"[-longest:]}.get(shape, "A" * min(longest, 3))
        return min((code for code in codes if len(code) <= longest), default=plain)
    values = {Whole: 1, Fixed: "12", DateTime: "2026-11-23T10:00:00+06:00", Indicator: True}
    return values[type(leaf)]


# Places


def _leaves(kind: str, tree: Tree) -> Iterator[str]:
    name = KINDS[kind].document
    element = by_name(KINDS[kind])[name]
    if element.child is not None:
        yield from _below(element.child, tree[name], f"/{name}")


def _below(cls: type[WcoClass], tree: Tree, at: str) -> Iterator[str]:
    for element in elements(cls):
        if element.name not in tree:
            continue
        value, here = tree[element.name], f"{at}/{element.name}"
        if element.child is None or element.qualified:
            yield here
        elif element.repeated:
            for number, item in enumerate(value):
                yield from _below(element.child, item, f"{here}/{number}")
        else:
            yield from _below(element.child, value, here)


def _first_places(kind: str, tried: list[Tried]) -> Mapping[str, tuple[str, Tried]]:
    """For each element the first place where it arrived."""
    found: dict[str, tuple[str, Tried]] = {}
    for one in tried:
        for at in _leaves(kind, one.tree):
            if _arrives(at, one.told):
                found.setdefault(_path(at), (at, one))
    return found


def _repeated(kind: str, tree: Tree) -> Iterator[tuple[str, list[Any], int]]:
    places = {at.rpartition("/")[0] for at in _leaves(kind, tree)}
    lists = {"/".join(at.split("/")[:depth]) for at in places for depth in range(3, len(at.split("/")) + 1)}
    for at in sorted(lists):
        items = _value(tree, at)
        if isinstance(items, list) and items:
            yield at, items, _element(_path(at)).most


def _path(at: str) -> str:
    """`/Declaration/Consignment/0/Freight` as `Declaration/Consignment/Freight`."""
    return "/".join(part for part in at.split("/")[1:] if not part.isdigit())


def _element(path: str) -> Element:
    names = path.split("/")
    cls: Any = next(kind for kind in KINDS.values() if kind.document == names[0])
    element = by_name(cls)[names[0]]
    for name in names[1:]:
        element = by_name(element.child or Declaration)[name]
    return element


def _value(tree: Tree, at: str) -> Any:
    node: Any = tree
    for part in at.split("/")[1:]:
        if isinstance(node, list):
            node = node[int(part)]
        elif isinstance(node, dict) and part in node:
            node = node[part]
        else:
            return None
    return node


def _with(tree: Tree, at: str, value: Any) -> Tree:
    changed = copy.deepcopy(tree)
    above, _, last = at.rpartition("/")
    holder = _value(changed, above)
    holder[int(last) if isinstance(holder, list) else last] = value
    return changed


def _together(name: str, paths: set[str]) -> frozenset[str]:
    """Paths, a class in place of its parts where all of them are there."""
    found: set[str] = set()

    def collect(path: str, element: Element) -> bool:
        if element.child is None or element.qualified:
            return path in paths
        below = [(f"{path}/{one.name}", one) for one in elements(element.child)]
        whole = [there for there, one in below if collect(there, one)]
        if len(whole) == len(below):
            return True
        found.update(whole)
        return False

    root = _element(name)
    if collect(name, root):
        found.add(name)
    return frozenset(found)


def section(capabilities: Capabilities) -> str:
    """The `[capabilities]` section of a profile, as TOML."""
    lines: list[str] = []
    for way, kinds in (("reads", capabilities.reads), ("writes", capabilities.writes)):
        for kind, carried in kinds.items():
            lines += ["", f"[capabilities.{way}.{kind}]", f"functions = {_listed(carried.functions)}"]
            lines += [f"modes = {_listed(carried.modes)}"] if carried.modes else []
            lines += [f"circumstances = {_listed(carried.circumstances)}"] if carried.circumstances else []
            lines += [f'characters = "{carried.characters}"', "elements = ["]
            lines += [f'  "{path}",' for path in sorted(carried.elements)] + ["]"]
            for name, limits in (("lengths", carried.lengths), ("counts", carried.counts)):
                if limits:
                    lines += ["", f"[capabilities.{way}.{kind}.{name}]"]
                    lines += [f'"{path}" = {limit}' for path, limit in sorted(limits.items())]
            if carried.codes:
                lines += ["", f"[capabilities.{way}.{kind}.codes]"]
                lines += [
                    f'"{path}" = {_listed(tuple(sorted(codes)))}' for path, codes in sorted(carried.codes.items())
                ]
    return "\n".join(lines[1:]) + "\n"


def _listed(codes: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{code}"' for code in codes) + "]"


def main() -> None:
    """Print the section of the country on the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m adapters.kit.capabilities",
        description="Print the section [capabilities] for the profile.toml of an installed adapter.",
    )
    parser.add_argument("country", metavar="CC", help="ISO 3166-1 alpha-2 code of an installed country")
    country = parser.parse_args().country
    try:
        sys.stdout.write(section(observed(cast(Adapter, installed.adapter(country)))))
    except GatewayError as problem:
        parser.exit(3, f"{parser.prog}: {problem.detail}\n")


if __name__ == "__main__":
    main()
