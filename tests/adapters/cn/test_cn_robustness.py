"""Whatever is handed over, reading gives findings and never raises; and what is carried survives in any combination."""

import io
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from adapters.cn import ADAPTER
from adapters.cn.document import MOST_BYTES
from adapters.kit.contract import MOST_LEFT, XML, ZIP, Fault, National, Route, Setting

SETTING = Setting("CN-NSW", {"KG": Route("KG-NSW", "KG-CN-ROAD", "1")})
PATHS = sorted(path for path in ADAPTER.examples.iterdir() if path.suffix in (".xml", ".zip"))
ANY_TEXT = st.characters(exclude_characters="<&", exclude_categories=["Cs", "Cc"])
AT = datetime(2026, 11, 23, tzinfo=UTC)
QUICK = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def everything(document):
    """All that an adapter does with a document; any exception is a bug."""
    reading = ADAPTER.read(document, SETTING)
    faults = tuple(Fault(found.rule, "", found.national, found.value) for found in reading.findings)
    ADAPTER.answer(document, reading.message is not None, faults, AT)
    ADAPTER.acknowledged(document)
    if reading.message is not None:
        ADAPTER.write(reading.message)
    return reading


@QUICK
@given(st.binary(max_size=400), st.sampled_from([XML, ZIP]))
def test_arbitrary_bytes_give_a_finding(body, media_type):
    reading = everything(National(body, media_type))
    assert reading.message is None
    assert {finding.rule for finding in reading.findings} == {"KIT-READ-01"}


@QUICK
@given(st.sampled_from(PATHS), st.data())
def test_a_damaged_example_never_raises(path, data):
    body = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at] = data.draw(st.integers(0, 255))
    everything(National(bytes(body), ZIP if path.suffix == ".zip" else XML))


@QUICK
@given(st.sampled_from([path for path in PATHS if path.suffix == ".xml"]), st.data())
def test_an_example_with_elements_cut_moved_or_refilled_never_raises(path, data):
    lines = path.read_text(encoding="utf-8").splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(2, len(lines) - 2))
        kind = data.draw(st.sampled_from(["cut", "double", "refill"]))
        if kind == "cut":
            del lines[at]
        elif kind == "double":
            lines.insert(at, lines[at])
        elif "</" in lines[at] and ">" in lines[at].split("</")[0]:
            opening, _, closing = lines[at].partition("</")
            text = data.draw(
                st.text(st.characters(exclude_characters="<&", exclude_categories=["Cs", "Cc"]), max_size=90)
            )
            lines[at] = f"{opening.partition('>')[0]}>{text}</{closing}"
    everything(National("\n".join(lines).encode(), XML))


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE Manifest [<!ENTITY e SYSTEM "file:///etc/passwd">]><Manifest>&e;</Manifest>',
        b'<?xml version="1.0" encoding="GB18030"?><Manifest/>',
        b"<?xml version='1.0'?><?go now?><Manifest/>",
        b"",
        b"<Manifest",
    ],
)
def test_dangerous_or_broken_xml_is_a_finding(body):
    reading = everything(National(body, XML))
    assert [(f.rule, f.severity.value) for f in reading.findings] == [("KIT-READ-01", "reject")]


def test_a_body_beyond_the_limit_is_a_finding():
    reading = everything(National(b" " * (MOST_BYTES + 1), XML))
    assert [f.rule for f in reading.findings] == ["KIT-READ-01"]


def test_a_zip_that_unpacks_beyond_the_limit_is_a_finding(bundle):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big.xml", b" " * (MOST_BYTES + 1))
    assert len(made.getvalue()) < 100_000
    assert [f.rule for f in everything(National(made.getvalue(), ZIP)).findings] == ["KIT-READ-01"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_the_wire_does_not_use_is_a_finding(method):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("a.xml", b"<Manifest/>")
    assert [f.rule for f in everything(National(made.getvalue(), ZIP)).findings] == ["KIT-READ-01"]


def test_an_empty_zip_and_one_with_too_many_entries_are_findings(bundle):
    for bodies in ({}, {f"{number}.xml": b"<a/>" for number in range(17)}):
        assert [f.rule for f in everything(bundle(bodies)).findings] == ["KIT-READ-01"]


def test_a_file_in_the_zip_that_is_no_document_is_reported_and_the_rest_is_read(example, bundle):
    reading = everything(bundle({"readme.txt": b"x", "m.xml": example("export_minimal.xml").body}))
    assert reading.message is not None
    assert [f.national for f in reading.findings if f.rule == "KIT-UNK-01"] == ["readme.txt"]


@pytest.mark.parametrize("name", ["", "a\x01.xml", "a\x1b[2J.txt", "\u202elmx.xml", "\ufffe.xml"])
def test_a_name_in_the_zip_that_cannot_be_told_is_a_finding(name):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), b"<Manifest/>")
    (finding,) = everything(National(made.getvalue(), ZIP)).findings
    assert (finding.rule, finding.value) == ("KIT-READ-01", f"zip: entry named {name!a}")


def test_a_folder_in_the_zip_is_passed_over(example, bundle):
    reading = everything(bundle({"batch/": b"", "batch/m.xml": example("export_minimal.xml").body}))
    assert reading.message is not None
    assert "KIT-UNK-01" not in [f.rule for f in reading.findings]


@pytest.mark.parametrize("unfit", ["\x00", "\x0b", "\x1f", "\ud800", "\uffff"])
def test_an_answer_tells_a_fault_whatever_characters_it_holds(unfit, example):
    document = example("export_minimal.xml")
    fault = Fault("CN-001", f"缺{unfit}少", f"/Manifest/{unfit}ID", f"9403{unfit}")
    told = etree.fromstring(ADAPTER.answer(document, False, (fault,), AT).body).find(".//{*}Error")
    assert [part.text for part in told] == ["CN-001", "缺\ufffd少", "/Manifest/\ufffdID", "9403\ufffd"]


def test_many_unknown_elements_are_counted_not_listed(changed):
    reading = everything(changed("export_minimal.xml", "</Declaration>", "<X/>" * 3000 + "</Declaration>"))
    unknown = [f for f in reading.findings if f.rule == "KIT-UNK-01"]
    assert len(unknown) == MOST_LEFT + 1
    assert unknown[-1].value == f"+ {3000 - MOST_LEFT}"


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co", "Zl", "Zp", "Zs"]), min_size=1, max_size=70)
CODE = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", min_size=1, max_size=17)
MOMENT = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1)).map(  # noqa: DTZ001 - the zone follows
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000, tzinfo=timezone(timedelta(hours=6)))
)
COUNT = st.integers(0, 99999999).map(Decimal)
MASS = st.decimals(0, 9999999, places=3)


@QUICK
@given(
    name=TEXT, other=TEXT, number=CODE, at=MOMENT, mass=MASS, count=COUNT, kind=st.sampled_from(["BG", "CT", "PX"]),
    seals=st.lists(CODE, max_size=4), waybill=CODE,
)  # fmt: skip
def test_whatever_the_forms_carry_survives(name, other, number, at, mass, count, kind, seals, waybill):
    message = ADAPTER.read(National((ADAPTER.examples / "import_typical.zip").read_bytes(), ZIP), SETTING).message
    tree = message.model_dump(by_alias=True, exclude_none=True, warnings=False)
    declaration, consignment = tree["Declaration"], tree["Declaration"]["Consignment"][0]
    measure = {"value": format(mass, "f"), "unitCode": "KGM"}
    packages = {"value": format(count, "f"), "unitCode": kind}
    declaration["BorderTransportMeans"] |= {"ID": number, "ArrivalDateTime": at}
    declaration["BorderTransportMeans"]["Master"] = [{"Name": name, "RoleCode": "1"}, {"Name": other, "RoleCode": "2"}]
    declaration |= {"TotalGrossMassMeasure": measure, "TotalPackageQuantity": packages}
    consignment |= {"TotalGrossMassMeasure": measure, "TotalPackageQuantity": packages, "ContainerCode": "1"}
    consignment["Consignor"]["Name"] = name
    consignment["TransportContractDocument"]["ID"] = waybill
    consignment["ConsignmentItem"][0]["Commodity"]["Description"] = other
    consignment["TransportEquipment"] = [{"ID": number, "TypeCode": "CN", "Seal": [{"ID": seal} for seal in seals]}]
    consignment["UnloadingLocation"]["ArrivalDateTime"] = at
    given_message = type(message).model_validate(tree)
    written = ADAPTER.write(given_message)
    assert written.findings == ()
    assert ADAPTER.read(written.document, SETTING).message.declaration == given_message.declaration
