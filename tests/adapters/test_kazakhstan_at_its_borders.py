"""Kazakhstan with its neighbours by road, end to end: windows, adapters and gateway as real servers on loopback."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from functools import cache
from pathlib import Path

import jsonschema_rs
import pytest
from lxml import etree

from builders.border import border
from builders.serving import now, wait
from gateway import installed
from gateway.agreements import load_agreements
from gateway.published import published
from mock_nsw.issuing import Issuer

ROAD = load_agreements(published("agreements"))["cn-kz-road", "1"]
CODES = ("StatementCode", "ProcessingResultCode", "EventKindCode", "natija", "voqea")
"""Where a document of each form says what it tells."""


@pytest.fixture(scope="module")
def at_the_border(tmp_path_factory):
    with border(tmp_path_factory.mktemp("border"), "CN", "KZ", "UZ") as running:
        yield running


@cache
def schema(country, form):
    """The schema of a document's form in the country's folder."""
    folder = Path(installed.adapter(country).examples).with_name("schema")
    if (file := folder / f"{form}.schema.json").is_file():
        return jsonschema_rs.validator_for(json.loads(file.read_bytes()))
    return etree.XMLSchema(etree.parse(folder / f"{form}.xsd"))


def in_its_form(country, documents):
    """Documents of a window, read; each is valid by the schema of its form."""
    read = []
    for document in documents:
        if document.startswith(b"{"):
            read.append(json.loads(document))
            assert schema(country, read[-1]["shakl"]).is_valid(read[-1])
        else:
            read.append(etree.fromstring(document))
            form = etree.QName(read[-1]).namespace.split(":")[-2]
            schema(country, form).assertValid(read[-1])
    return read


def told(country, documents):
    """What each of the decisions and events says that a window was handed."""
    return [next(filter(None, map(value_in(document), CODES))) for document in in_its_form(country, documents)]


def value_in(document):
    return document.get if isinstance(document, dict) else lambda name: document.findtext(f".//{{*}}{name}")


def crossed(movement):
    """The sending side sees it leave; the receiving side sees it arrive, releases it, returns what was imported."""
    movement.becomes("accepted")
    movement.tells(movement.sender, "departure")
    movement.becomes("departed")
    for event, state in (("arrival", "arrived"), ("control-result", "released"), ("import-information", "closed")):
        movement.tells(movement.recipient, event)
        exchange = movement.becomes(state)
    return exchange


# China → Kazakhstan


def test_what_china_announces_crosses_into_kazakhstan_and_ends_closed(at_the_border):
    movement = at_the_border.announced("CN", "KZ", "to-kazakhstan")

    closed = crossed(movement)

    assert closed["agreement"] == "cn-kz-road/1"
    assert movement.rules() == {"ACD-DIS-05"}
    information, left = movement.received("KZ")
    (information,) = in_its_form("KZ", [information])
    assert [office.text for office in information.iter("{*}CustomsOfficeCode")] == ["9402", "39811"]
    assert told("KZ", [left]) == ["01"]
    assert information.findtext("{*}CarrierDetails/{*}SubjectName") == "克州天山国际道路运输有限公司"
    assert told("CN", movement.received("CN")) == ["01", "32", "51", "53"]


@pytest.mark.parametrize("post", ROAD.posts, ids=lambda post: post.id)
def test_each_road_post_leads_from_china_to_kazakhstan(at_the_border, post):
    movement = at_the_border.announced("CN", "KZ", manifest_at(post.offices["CN"]))
    movement.becomes("accepted")

    (information,) = in_its_form("KZ", movement.received("KZ"))
    offices = [office.text for office in information.iter("{*}CustomsOfficeCode")]
    assert offices == [post.offices["CN"], post.offices["KZ"]]


def manifest_at(office):
    """The sample of China towards Kazakhstan at a border post, zipped."""
    nsw, packed = installed.nsw("CN"), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for body in nsw.samples["to-kazakhstan"].make(Issuer()):
            moved = body.replace(b"DeclarationOfficeID>9402<", f"DeclarationOfficeID>{office}<".encode())
            archive.writestr(nsw.entry_name(nsw.read(body)), moved)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("decision", "state", "code"),
    [("review", "under-review", "02"), ("reject", "rejected", "03"), ("do-not-load", "do-not-load", "12")],
)
def test_a_decision_of_kazakhstan_reaches_china_in_its_own_form(at_the_border, decision, state, code):
    with at_the_border.deciding("KZ", decision):
        movement = at_the_border.announced("CN", "KZ", "to-kazakhstan")
        movement.becomes(state)
    assert told("CN", movement.received("CN")) == [code]


def test_what_differs_at_the_border_of_kazakhstan_is_told_to_china(at_the_border):
    movement = at_the_border.announced("CN", "KZ", "to-kazakhstan")
    movement.becomes("accepted")

    movement.tells("KZ", "arrival", plates=["888ABC02"])
    broken = [{"id": "XJ0000001", "state": "broken"}]
    weighed = {"gross_mass_kg": "7700", "conclusion": "held", "remarks": "Пломба нарушена"}
    movement.tells("KZ", "control-result", seals=broken, **weighed)
    movement.becomes("held", messages=4)

    assert {"ACD-ARR-02", "ACD-DIS-01", "ACD-DIS-02"} <= movement.rules()
    assert told("CN", movement.received("CN")) == ["01", "32", "51"]
    report = in_its_form("CN", movement.received("CN"))[-1]
    assert report.findtext(".//{*}StatementDescription") == "Пломба нарушена"
    assert report.findtext(".//{*}ConclusionCode") == "2"


def test_what_china_changes_and_takes_back_is_changed_and_taken_back_in_kazakhstan(at_the_border):
    movement = at_the_border.announced("CN", "KZ", "to-kazakhstan")
    movement.becomes("accepted")

    changes = {"/Manifest/Declaration/LoadingLocation/LoadingDateTime": "20261123081500"}
    at_the_border.done("CN", f"/control/amend/{movement.names['CN']}", reason="005", changes=changes)
    assert movement.becomes("accepted", messages=4)["version"] == 2
    at_the_border.done("CN", f"/control/delete/{movement.names['CN']}", reason="001")
    movement.becomes("cancelled")

    documents = in_its_form("KZ", movement.received("KZ"))
    assert [(etree.QName(root).localname, root.findtext("{*}PIActionCode")) for root in documents] == [
        ("PreliminaryInformation", "01"),
        ("PreliminaryInformation", "02"),
        ("PreliminaryInformationWithdrawal", None),
    ]


def test_what_never_arrives_in_kazakhstan_expires_and_both_windows_are_told_in_their_own_form(tmp_path):
    ahead = timedelta(0)
    with border(tmp_path, "CN", "KZ", clock=lambda: now() + ahead) as later:
        movement = later.announced("CN", "KZ", "to-kazakhstan")
        movement.becomes("accepted")

        ahead = timedelta(days=4)
        wait(lambda: len(movement.received("CN")) == len(movement.received("KZ")) == 2)

        assert told("CN", movement.received("CN")) == ["01", "33"]
        assert told("KZ", movement.received("KZ")[1:]) == ["06"]


# Kazakhstan → China


def test_what_kazakhstan_announces_crosses_into_china_and_ends_closed(at_the_border):
    movement = at_the_border.announced("KZ", "CN", "two-consignments-to-cn")

    closed = crossed(movement)

    assert (closed["agreement"], closed["reference"]) == ("cn-kz-road/1", movement.names["KZ"].replace("-", "/"))
    # A reply of China cites no message, only the declaration.
    assert movement.rules() == {"ACD-DIS-05", "ACD-RES-05"}
    manifest, confirmation, left = in_its_form("CN", movement.received("CN"))
    assert [root.findtext(".//{*}MessageType") for root in (manifest, confirmation)] == ["MT1401", "MT4401"]
    assert manifest.findtext(".//{*}DeclarationOfficeID") == "9402"
    assert manifest.findtext(".//{*}Consignor/{*}Name") == "ТОО «Қостанай Ұн Комбинаты»"
    assert left.findtext(".//{*}StatementCode") == "31"
    assert told("KZ", movement.received("KZ")) == ["02", "02", "03", "05"]


def test_what_kazakhstan_changes_and_takes_back_is_changed_and_taken_back_in_china(at_the_border):
    movement = at_the_border.announced("KZ", "CN", "two-consignments-to-cn")
    movement.becomes("accepted")

    changes = {"/PreliminaryInformation/CarrierDetails/SubjectName": "ЖШС «Түркістан Жол»"}
    at_the_border.done("KZ", f"/control/amend/{movement.names['KZ']}", reason="004", changes=changes)
    assert movement.becomes("accepted", messages=4)["version"] == 2
    at_the_border.done("KZ", f"/control/delete/{movement.names['KZ']}", reason="001")
    movement.becomes("cancelled")

    documents = in_its_form("CN", movement.received("CN"))
    said = [(root.findtext(".//{*}MessageType"), root.findtext(".//{*}FunctionCode")) for root in documents]
    assert said == [("MT1401", "9"), ("MT4401", "9"), ("MT1401", "5"), ("MT4401", "5"), ("MT1401", "3")]


# Kazakhstan and Uzbekistan


def test_what_kazakhstan_announces_crosses_into_uzbekistan_and_ends_closed(at_the_border):
    movement = at_the_border.announced("KZ", "UZ", "two-consignments")

    closed = crossed(movement)

    assert (closed["agreement"], closed["reference"]) == ("kz-uz-road/1", movement.names["KZ"].replace("-", "/"))
    assert movement.rules() == {"ACD-DIS-05"}
    information, left = in_its_form("UZ", movement.received("UZ"))
    assert (information["chiqishPosti"], information["kirishPosti"]) == ("39821", "86011")
    assert left["voqea"] == "JK"
    assert told("KZ", movement.received("KZ")) == ["02", "02", "03", "05"]


def test_what_uzbekistan_announces_crosses_into_kazakhstan_and_ends_closed(at_the_border):
    movement = at_the_border.announced("UZ", "KZ", "two-consignments-to-kz")

    closed = crossed(movement)

    assert closed["agreement"] == "kz-uz-road/1"
    assert movement.rules() == {"ACD-DIS-05"}
    information, left = movement.received("KZ")
    (information,) = in_its_form("KZ", [information])
    assert [office.text for office in information.iter("{*}CustomsOfficeCode")] == ["86011", "39821"]
    assert told("KZ", [left]) == ["01"]
    assert told("UZ", movement.received("UZ")) == ["QA", "YK", "NN", "IM"]
