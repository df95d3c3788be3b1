"""PreliminaryInformation and its withdrawal: a declaration, in both directions.

What leaves Kazakhstan (`EX`) is read from its window and called by its registration number; what enters (`IM`) is
written for the window, with the sender's own reference, which the window echoes when it decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adapters.kit.contract import Setting
from adapters.kit.xml_sheet import XmlSheet
from adapters.kz.codes import ACTIONS, ACTIONS_READ, CANCELLATION, EMPTY, EMPTY_READ, MODES, OFFICES
from adapters.kz.document import sheet_of
from adapters.kz.form import COUNTRY, IN, INFORMATION, OUT, WITHDRAWAL
from adapters.kz.goods import CONSIGNMENT
from adapters.kz.header import (
    Header,
    message_of,
    read_header,
    read_number,
    read_route,
    write_header,
)
from adapters.kz.layout import Each, Leaf, Own, Part, Row, Through, pointer_to
from adapters.kz.party import PARTY
from adapters.kz.reading import read_values
from adapters.kz.transport import MODE, TRANSPORT
from adapters.kz.values import CODE, COUNT, KIND, MASS, QUANTITY, TEXT, coded
from adapters.kz.writing import write_class
from gateway.message.declaration import (
    BorderTransportMeans,
    Consignment,
    Declaration,
    EntryOffice,
    ExitOffice,
    GuaranteeOffice,
    ObligationGuarantee,
)
from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage
from gateway.message.parts import AdditionalInformation, Amendment, Carrier, Declarant

if TYPE_CHECKING:
    from lxml import etree

    from adapters.kit.xml_source import XmlSource

_DECLARATION = "/Declaration"
_ISSUED = "/Declaration/IssueDateTime"
_REFERENCE = "/Declaration/FunctionalReferenceID"
_FUNCTION = "/Declaration/FunctionCode"


def _read_office_name(source: XmlSource, node: etree._Element | None, _: str) -> dict[str, Any]:
    """The name that belongs to the code says nothing more than it; any other is reported as left."""
    label = source.first(node, "BorderCheckPointName")
    office = OFFICES.get(source.text(source.first(node, "CustomsOfficeCode")))
    if office is not None and source.text(label) == office.name:
        source.take(label, "")
    return {}


def _write_office_name(sheet: XmlSheet, node: etree._Element, value: Any, pointer: str) -> None:
    office = OFFICES.get(value.id or "")
    if office is not None:
        sheet.put(node, "BorderCheckPointName", office.name)
        sheet.say("KZ-010", Severity.INFO, pointer_to(pointer, "id"), value.id, post=office.name)
    elif value.id is not None and pointer.endswith("/EntryOffice"):
        sheet.say("KZ-011", Severity.WARN, pointer_to(pointer, "id"), value.id)


_CHECKPOINT: tuple[Row, ...] = (
    Leaf("CustomsOfficeCode", "id", CODE),
    Own(("BorderCheckPointName",), (), _read_office_name, _write_office_name),
)
_VERSION: tuple[Row, ...] = (
    Leaf("VersionId", "version_id", CODE),
    Each("AmendmentReasonCode", "amendment", Amendment, "change_reason_code", CODE, most=1),
)
_KIND = Leaf("DocKindCode", "type_code", KIND)
INFORMATION_ROWS: tuple[Row, ...] = (
    *_VERSION,
    Leaf("DeclarationOfficeCode", "declaration_office_id", CODE),
    _KIND,
    Leaf("EmptyVehicleIndicator", "specific_circumstances_code_code", coded(EMPTY, EMPTY_READ)),
    Leaf("BatchId", "batch_id", CODE),
    Leaf("BatchVehicleQuantity", "batch_vehicle_quantity", COUNT),
    Leaf("GoodsItemQuantity", "goods_item_quantity", COUNT),
    Leaf("CargoQuantity", "total_package_quantity", QUANTITY),
    Leaf("UnifiedGrossMassMeasure", "total_gross_mass_measure", MASS),
    Part("ExitCheckPointDetails", "exit_office", ExitOffice, _CHECKPOINT),
    Part("EntryCheckPointDetails", "entry_office", EntryOffice, _CHECKPOINT),
    Part("DeclarantDetails", "declarant", Declarant, PARTY),
    Part("CarrierDetails", "carrier", Carrier, PARTY),
    Part("BorderTransportDetails", "border_transport_means", BorderTransportMeans, TRANSPORT),
    Part(
        "GuaranteeDetails",
        "obligation_guarantee",
        ObligationGuarantee,
        (
            Leaf("GuaranteeKindCode", "security_details_code", CODE),
            Leaf("GuaranteeReferenceId", "reference_id", CODE),
            Through("guarantee_office", GuaranteeOffice, (Leaf("GuaranteeOfficeCode", "id", CODE),)),
        ),
    ),
    Part("ConsignmentDetails", "consignment", Consignment, CONSIGNMENT),
)
WITHDRAWAL_ROWS: tuple[Row, ...] = (
    *_VERSION,
    Through("border_transport_means", BorderTransportMeans, (Leaf("UnifiedTransportModeCode", "mode_code", MODE),)),
    Each("DescriptionText", "additional_information", AdditionalInformation, "statement_description", TEXT, most=1),
    _KIND,
)
NAMES = ("MovementDirectionCode", "PIActionCode", "SourceReferenceId", "SourceRegistrationId")
KEYS = frozenset({"FunctionCode", "FunctionalReferenceID", "ID", "IssueDateTime"})
"""Elements of the declaration that stand before the rows."""


def read_information(source: XmlSource, setting: Setting, rows: tuple[Row, ...]) -> DeclarationMessage | None:
    """The declaration in a PreliminaryInformation, by its rows; None, with findings, where it lacks its keys."""
    return _read(source, setting, rows, _action(source))


def read_withdrawal(source: XmlSource, setting: Setting) -> DeclarationMessage | None:
    """The cancellation in a PreliminaryInformationWithdrawal."""
    source.origins[_FUNCTION] = source.path(source.root)
    return _read(source, setting, WITHDRAWAL_ROWS, CANCELLATION)


def _read(
    source: XmlSource, setting: Setting, rows: tuple[Row, ...], function: str | None
) -> DeclarationMessage | None:
    root = source.root
    header = read_header(source, _ISSUED)
    out = _direction(source)
    keys = _keys(source, header, function, out=out == OUT)
    values = read_values(source, root, Declaration, rows, _DECLARATION)
    if keys is None or header is None or out is None:
        return None
    declaration: Declaration | None = source.make(Declaration, _DECLARATION, root, {**values, **keys})
    if declaration is None:
        source.say("KZ-001", Severity.REJECT, "/Declaration/TypeCode", "DocKindCode", root)
        return None
    _compare_countries(source, declaration, header, out)
    means = declaration.border_transport_means
    route = read_route(source, setting, header, (means.mode_code if means else "") or "", out=out == OUT)
    if route is None:
        return None
    return message_of(DeclarationMessage, source, setting, header, route, out=out == OUT, declaration=declaration)


def _direction(source: XmlSource) -> str | None:
    node = source.first(source.root, "MovementDirectionCode")
    code = source.take(node)
    if code not in (OUT, IN):
        source.say("KZ-004", Severity.REJECT, "", code or "", node)
        return None
    return code


def _action(source: XmlSource) -> str | None:
    node = source.first(source.root, "PIActionCode")
    code = source.take(node, _FUNCTION)
    if code not in ACTIONS_READ:
        source.say("KZ-006", Severity.REJECT, _FUNCTION, code or "", node)
    return ACTIONS_READ.get(code or "")


def _keys(source: XmlSource, header: Header | None, function: str | None, *, out: bool) -> dict[str, Any] | None:
    """Reference, number, function and time; None where reference or function is missing.

    The window's own declarations are called by their registration number, over all their versions; those of others by
    the reference that their sender gave.
    """
    number = read_number(source, _REFERENCE if out else "")
    given = None if out else source.value(source.root, "SourceReferenceId", _REFERENCE)
    identifier = number if out else source.value(source.root, "SourceRegistrationId", "/Declaration/ID")
    reference = number if out else given
    if out and number is not None:
        source.origins["/Declaration/ID"] = source.origins[_REFERENCE]
    if reference is None:
        source.say("KZ-001", Severity.REJECT, _REFERENCE, "", source.root)
    if reference is None or function is None or header is None:
        return None
    return {
        "function_code": function,
        "functional_reference_id": reference,
        "id": identifier,
        "issue_date_time": header.at,
    }


def _compare_countries(source: XmlSource, declaration: Declaration, header: Header, direction: str) -> None:
    """The office of entry is in the country that the header names."""
    office = OFFICES.get((declaration.entry_office.id if declaration.entry_office else None) or "")
    expected = header.destination if direction == OUT else COUNTRY
    if office is not None and expected and office.country != expected:
        node = source.first(source.first(source.root, "EntryCheckPointDetails"), "CustomsOfficeCode")
        source.say("KZ-008", Severity.WARN, "/Declaration/EntryOffice/ID", expected, node)


def write_information(message: DeclarationMessage, rows: tuple[Row, ...]) -> XmlSheet:
    """A declaration for Kazakhstan as a PreliminaryInformation, by its rows; a cancellation as a withdrawal."""
    declaration = message.declaration
    cancelled = declaration.function_code == CANCELLATION
    sheet = sheet_of(WITHDRAWAL if cancelled else INFORMATION)
    write_header(sheet, message, declaration.issue_date_time, _ISSUED)
    sheet.put(sheet.root, "MovementDirectionCode", IN)
    if cancelled:
        sheet.said.add(_FUNCTION)
    else:
        _write_action(sheet, declaration)
    sheet.put(sheet.root, "SourceReferenceId", declaration.functional_reference_id, _REFERENCE)
    sheet.put(sheet.root, "SourceRegistrationId", declaration.id, "/Declaration/ID")
    write_class(sheet, sheet.root, WITHDRAWAL_ROWS if cancelled else rows, declaration, _DECLARATION)
    return sheet


def _write_action(sheet: XmlSheet, declaration: Declaration) -> None:
    action = ACTIONS.get(declaration.function_code)
    if action is None:
        sheet.say("KZ-012", Severity.REJECT, _FUNCTION, declaration.function_code)
    sheet.put(sheet.root, "PIActionCode", action, _FUNCTION)
    means = declaration.border_transport_means
    if means is not None and means.mode_code is not None and means.mode_code not in MODES:
        sheet.say("KZ-013", Severity.REJECT, "/Declaration/BorderTransportMeans/ModeCode", means.mode_code)
