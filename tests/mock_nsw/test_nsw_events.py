"""Officers report what they see at the border, and hear what the other side has seen."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from lxml import etree

from mock_nsw import cn, kg, kz, uz
from mock_nsw.events import TOLD_BY_THE_GATEWAY, Conclusion, EventKind, SealState
from mock_nsw.issuing import Issuer
from mock_nsw.simulator import Simulator

COUNTRIES = {"china": cn.NSW, "kyrgyzstan": kg.NSW, "kazakhstan": kz.NSW, "uzbekistan": uz.NSW}
each_country = pytest.mark.parametrize("country", COUNTRIES)
SAMPLE = {"china": "three-consignments"}
CODES = {
    "china": {"departure": "31", "arrival": "32", "expiry": "33", "control-result": "51", "discrepancy": "52"}
    | {"import-information": "53", "undeliverable": "34"},
    "uzbekistan": {"departure": "JK", "arrival": "YK", "control-result": "NN", "discrepancy": "NM"}
    | {"import-information": "IM", "expiry": "MT", "undeliverable": "YE"},
}
CODES["kyrgyzstan"] = CODES["kazakhstan"] = {kind: f"0{place}" for place, kind in enumerate(EventKind, 1)}


def plain(document):
    root = etree.fromstring(document)
    for element in root.iter():
        element.tag = etree.QName(element).localname
    return root


def texts(root, path):
    return [element.text for element in root.iterfind(path)]


def seen_in(country, document):
    """What an event document of a country says, read without the code that wrote it, as one flat mapping."""
    if country == "uzbekistan":
        return _seen_in_json(json.loads(document))
    root = plain(document)
    if country == "china":
        return _seen_in_chinese(root)
    mass = "GrossWeightQuantity" if country == "kyrgyzstan" else "UnifiedGrossMassMeasure"
    waybill = "TransportDocumentId" if country == "kyrgyzstan" else "TransportDocumentDetails/DocId"
    code = "GoodsTNVEDCode" if country == "kyrgyzstan" else "CommodityCode"
    return {
        "kind": root.findtext("EventKindCode"),
        "time": datetime.fromisoformat(root.findtext("EventDateTime")),
        "office": root.findtext("CustomsOfficeCode"),
        "plates": texts(root, "TransportMeansRegId"),
        "seals": [(e.findtext("SealId"), e.findtext("SealStateCode")) for e in root.iterfind("SealDetails")],
        "mass": root.findtext(mass),
        "image": root.findtext("ImageId"),
        "conclusion": root.findtext("ConclusionCode"),
        "remarks": root.findtext("DescriptionText"),
        "consignments": [
            (
                e.findtext("ObjectOrdinal"),
                e.findtext(waybill),
                e.findtext("ImportRegistrationId"),
                texts(e, code),
                e.findtext("CargoQuantity"),
                e.findtext(mass),
                (e.findtext("CAValueAmount"), e.find("CAValueAmount").get("currencyCode")),
            )
            for e in root.iterfind("ConsignmentDetails")
        ],
    }


def _seen_in_chinese(root):
    declaration = root.find("Declaration")
    at = datetime.strptime(declaration.findtext("IssueDateTime") + "+0800", "%Y%m%d%H%M%S%z")
    return {
        "kind": declaration.findtext("AdditionalInformation/StatementCode"),
        "time": at,
        "office": declaration.findtext("DeclarationOfficeID"),
        "plates": texts(declaration, "BorderTransportMeans/ID")
        + texts(declaration, "BorderTransportMeans/TransportEquipment/ID"),
        "seals": [(e.findtext("ID"), e.findtext("ConditionCode")) for e in declaration.iterfind("Seal")],
        "mass": declaration.findtext("GoodsMeasure/GrossMassMeasure"),
        "image": declaration.findtext("Image/ID"),
        "conclusion": declaration.findtext("ConclusionCode"),
        "remarks": declaration.findtext("AdditionalInformation/StatementDescription"),
        "consignments": [
            (
                e.findtext("SequenceNumeric"),
                e.findtext("TransportContractDocument/ID"),
                e.findtext("AdditionalDocument/ID"),
                texts(e, "Classification/ID"),
                e.findtext("TotalPackageQuantity"),
                e.findtext("GoodsMeasure/GrossMassMeasure"),
                (e.findtext("ValueAmount"), e.find("ValueAmount").get("currencyID")),
            )
            for e in declaration.iterfind("Consignment")
        ],
    }


def _seen_in_json(document):
    return {
        "kind": document["voqea"],
        "time": datetime.strptime(document["voqeaVaqti"] + "+0500", "%d.%m.%Y %H:%M%z"),
        "office": document["post"],
        "plates": document.get("davlatRaqamlari", []),
        "seals": [(seal["raqam"], seal["holat"]) for seal in document.get("plombalar", [])],
        "mass": document.get("topilganBruttoKg"),
        "image": document.get("tasvirRaqami"),
        "conclusion": document.get("xulosa"),
        "remarks": document.get("izoh"),
        "consignments": [
            (
                each["tartib"],
                each["transportHujjati"]["raqam"],
                each.get("importRaqami"),
                each.get("tnKodlar", []),
                each["jami"]["soni"],
                each["bruttoKg"],
                (each["qiymat"]["miqdor"], each["qiymat"]["valyuta"]),
            )
            for each in document.get("yuklar", [])
        ],
    }


def left(window, country, adapter):
    """A truck of the country that has passed the gate; its reference, and what was declared."""
    answer = window.lodge(SAMPLE.get(country, "two-consignments"))
    contents = [window.control.get(f"/control/documents/{each['id']}").content for each in answer["documents"]]
    window.control.post(f"/control/gate/{answer['reference']}")
    adapter.next()
    return answer["reference"], COUNTRIES[country].movement(contents)


def tell(window, reference, event, **more):
    return window.control.post(f"/control/event/{reference}", json={"event": event, **more})


@each_country
@pytest.mark.parametrize("kind", [kind for kind in EventKind if kind not in TOLD_BY_THE_GATEWAY])
def test_every_kind_is_reported_in_the_national_form_and_handed_over(request, country, kind, adapter):
    window = request.getfixturevalue(country)
    reference, declared = left(window, country, adapter)

    answer = tell(window, reference, kind)

    assert answer.json()["status"] == 200
    document = adapter.next().body
    said = seen_in(country, document)
    assert said["kind"] == CODES[country][kind]
    assert said["office"] == declared.exit_office
    vehicle = kind is not EventKind.IMPORT_INFORMATION
    assert said["plates"] == (list(declared.plates) if vehicle else [])
    assert [seal for seal, _ in said["seals"]] == (list(declared.seals) if vehicle else [])
    assert len(declared.plates) == 2
    assert len(declared.seals) == 2
    measured = kind in {EventKind.CONTROL_RESULT, EventKind.DISCREPANCY}
    assert bool(said["image"]) is bool(said["mass"]) is bool(said["conclusion"]) is measured
    identity = window.nsw.read(document)
    assert (identity.event, window.documents(direction="sent")[-1]["reference"]) == (kind, reference)


@each_country
def test_import_information_repeats_every_consignment_under_a_registration_number(request, country, adapter):
    window = request.getfixturevalue(country)
    reference, declared = left(window, country, adapter)

    tell(window, reference, "import-information")

    said = seen_in(country, adapter.next().body)["consignments"]
    assert [each[0] for each in said] == [str(number) for number in range(1, len(declared.consignments) + 1)]
    for (_, waybill, registration, codes, packages, mass, value), consignment in zip(
        said, declared.consignments, strict=True
    ):
        assert waybill == consignment.waybill
        assert declared.exit_office in registration
        assert tuple(codes) == consignment.subheadings
        assert all(len(code) == 6 for code in codes)
        assert int(packages) == consignment.packages
        assert Decimal(mass) == consignment.gross_mass_kg
        assert (Decimal(value[0]), value[1]) == (consignment.value, consignment.currency)
    assert len({each[2] for each in said}) == len(said)
    assert sum(Decimal(each[5]) for each in said) == declared.gross_mass_kg


@each_country
def test_a_discrepancy_is_found_heavier_than_declared_and_held(request, country, adapter):
    window = request.getfixturevalue(country)
    reference, declared = left(window, country, adapter)

    tell(window, reference, "discrepancy")

    said = seen_in(country, adapter.next().body)
    assert Decimal(said["mass"]) / declared.gross_mass_kg > Decimal("1.05")
    assert said["conclusion"] == {"uzbekistan": "UT"}.get(country, "2")


@each_country
def test_what_the_operator_says_takes_the_place_of_what_is_expected(request, country, adapter):
    window = request.getfixturevalue(country)
    reference, _ = left(window, country, adapter)

    tell(
        window,
        reference,
        "control-result",
        time="2026-11-23T10:30:00Z",
        office="41700301",
        plates=["XX0001"],
        seals=[{"id": f"S-{state}", "state": state} for state in SealState],
        gross_mass_kg="7410.5",
        image="NII-7",
        conclusion="refused",
        consignments=[
            {"number": 2, "waybill": "W-2", "registration": "R-2", "subheadings": ["640399", "640411"], "packages": 3}
            | {"package_type": "CT", "gross_mass_kg": "1E+2", "value": "99.50", "currency": "USD"}
        ],
        remarks="досмотр 查验 oʻtkazildi",
    )

    intact, broken, missing = ("BUTUN", "BUZILGAN", "YOQ") if country == "uzbekistan" else "123"
    assert seen_in(country, adapter.next().body) == {
        "kind": CODES[country]["control-result"],
        "time": datetime(2026, 11, 23, 10, 30, tzinfo=UTC),
        "office": "41700301",
        "plates": ["XX0001"],
        "seals": [("S-intact", intact), ("S-broken", broken), ("S-missing", missing)],
        "mass": "7410.5",
        "image": "NII-7",
        "conclusion": {"uzbekistan": "RE"}.get(country, "3"),
        "remarks": "досмотр 查验 oʻtkazildi",
        "consignments": [("2", "W-2", "R-2", ["640399", "640411"], "3", "100", ("99.50", "USD"))],
    }


@each_country
@pytest.mark.parametrize("conclusion", [*Conclusion, "none"])
def test_every_conclusion_has_its_code_and_none_has_none(request, country, conclusion, adapter):
    window = request.getfixturevalue(country)
    reference, _ = left(window, country, adapter)

    tell(window, reference, "control-result", conclusion=conclusion)

    numbers = {"released": "1", "held": "2", "refused": "3", "none": None}
    words = {"released": "CH", "held": "UT", "refused": "RE", "none": None}
    said = seen_in(country, adapter.next().body)["conclusion"]
    assert said == (words if country == "uzbekistan" else numbers)[conclusion]


# About what was received


@pytest.fixture
def received(request, kz_information, uz_announcement, auto_preliminary, import_zip):
    """Hands a declaration from a neighbour to a window that does not decide; gives the adapter's reference."""

    def hand_over(window, country):
        window.control.put("/control/behaviour", json={"default": {"decision": "none"}})
        if country == "china":
            window.hand_over(import_zip(), "application/zip")
            return "9403000000001"
        if country == "kyrgyzstan":
            window.hand_over(auto_preliminary())
            return "9403000000001"
        if country == "kazakhstan":
            window.hand_over(kz_information())
            return "9402000000001"
        window.hand_over(uz_announcement(), "application/json; charset=utf-8")
        return "KG/20261123/000000512"

    return hand_over


def test_an_arrival_in_china_names_the_batch_and_the_manifest_it_was_given(china, adapter, received):
    reference = received(china, "china")

    tell(china, reference, "arrival")

    declaration = plain(adapter.next().body).find("Declaration")
    assert declaration.findtext("ID") == "9403000000001"
    assert declaration.findtext("FunctionalReferenceID") == "CN_MT1401_1p0_9403GATEWAY01_20261123120000001"
    assert declaration.findtext("DeclarationOfficeID") == "9403"


def test_an_arrival_in_kyrgyzstan_names_both_references_and_the_country_that_declared(kyrgyzstan, adapter, received):
    reference = received(kyrgyzstan, "kyrgyzstan")

    tell(kyrgyzstan, reference, "arrival", office="41700201")

    root = plain(adapter.next().body)
    assert root.findtext("RefSourceDocumentID") == reference
    assert root.findtext("RefDocumentID") == "7d1f6f4e-53f4-4f1d-9f0a-2a3f0a0b7c11"
    assert (root.findtext("SourceCountryCode"), root.findtext("DestinationCountryCode")) == ("KG", "CN")
    filed = kyrgyzstan.documents(direction="received")[0]["reference"]
    assert "-".join(element.text for element in root.find("RefRegNumber")) == filed


def test_an_arrival_in_kazakhstan_names_the_reference_and_the_number_that_was_given(kazakhstan, adapter, received):
    reference = received(kazakhstan, "kazakhstan")

    tell(kazakhstan, reference, "arrival", office="39811")

    root = plain(adapter.next().body)
    assert root.findtext("MovementDirectionCode") == "IM"
    assert root.findtext("SourceReferenceId") == reference
    assert root.findtext("EDocHeader/DestinationCountryCode") == "CN"
    assert root.findtext("EDocHeader/EDocRefId") == "5f1c0a52-6f0e-4c57-9a41-3f8f6b0e7d01"
    year, month, day = root.findtext("PreliminaryInformationIdDetails/DocCreationDate").split("-")
    serial = root.findtext("PreliminaryInformationIdDetails/PINumberId")
    assert kazakhstan.documents(direction="received")[0]["reference"] == f"KZ-{year}{month}{day}-{serial}"


def test_an_arrival_in_uzbekistan_is_found_by_a_reference_with_slashes(uzbekistan, adapter, received):
    reference = received(uzbekistan, "uzbekistan")

    tell(uzbekistan, reference, "arrival", office="86021")

    document = json.loads(adapter.next().body)
    assert (document["jonatuvchiMamlakat"], document["qabulQiluvchiMamlakat"]) == ("UZ", "KG")
    filed = uzbekistan.documents(direction="received")[0]["reference"]
    assert document["deklaratsiya"] == {
        "hujjatId": "5b1c7c1e-90a4-4a3e-8d54-6d3f0a110001",
        "jonatuvchiRaqami": reference,
        "royxatRaqami": filed.replace("-", "/"),
    }


@pytest.mark.parametrize("country", ["kyrgyzstan", "kazakhstan", "uzbekistan"])
def test_without_an_office_in_the_declaration_the_operator_must_say_one(request, country, adapter, received):
    window = request.getfixturevalue(country)
    reference = received(window, country)

    assert tell(window, reference, "arrival").status_code == 409
    assert adapter.deliveries.empty()


# What the other side has seen


FROM_ABROAD = {
    "china": (
        '<Manifest xmlns="urn:Declaration:datamodel:standard:CN:MT3402:1"><Head><MessageID>E-1</MessageID>'
        "<MessageType>MT3402</MessageType></Head><Declaration><ID>{reference}</ID><AdditionalInformation>"
        "<StatementCode>32</StatementCode></AdditionalInformation></Declaration></Manifest>"
    ),
    "kyrgyzstan": (
        '<BorderEventNotice xmlns="urn:torugart:plausible:kg:BorderEventNotice:1"><NoticeID>E-1</NoticeID>'
        "<SourceCountryCode>CN</SourceCountryCode><RefRegNumber><CountryCode>KG</CountryCode><Date>{date}</Date>"
        "<PINumber>{serial}</PINumber></RefRegNumber><EventKindCode>02</EventKindCode></BorderEventNotice>"
    ),
    "kazakhstan": (
        '<BorderEventNotice xmlns="urn:torugart:plausible:kz:BorderEventNotice:1"'
        ' xmlns:c="urn:torugart:plausible:kz:ComplexDataObjects:1"'
        ' xmlns:s="urn:torugart:plausible:kz:SimpleDataObjects:1"><c:EDocHeader><s:EDocId>E-1</s:EDocId>'
        "<s:SourceCountryCode>UZ</s:SourceCountryCode><s:DestinationCountryCode>KZ</s:DestinationCountryCode>"
        "</c:EDocHeader><s:MovementDirectionCode>EX</s:MovementDirectionCode>"
        "<s:SourceReferenceId>{slashes}</s:SourceReferenceId><s:EventKindCode>02</s:EventKindCode></BorderEventNotice>"
    ),
    "uzbekistan": (
        '{{"shakl": "CV", "hujjatId": "E-1", "jonatuvchiMamlakat": "KG", "qabulQiluvchiMamlakat": "UZ",'
        ' "deklaratsiya": {{"jonatuvchiRaqami": "{own}"}}, "voqea": "YK"}}'
    ),
}


TAKEN = {
    "china": "E1",
    "kyrgyzstan": "<ResultCode>1<",
    "kazakhstan": ">01</csdo:ProcessingResultCode>",
    "uzbekistan": '"natija": "RO"',
}


def _from_abroad(window, country, reference):
    """An arrival abroad of what was lodged under a reference."""
    content = window.control.get(f"/control/documents/{window.documents(direction='lodged')[0]['id']}").content
    return FROM_ABROAD[country].format(
        reference=reference,
        date=reference[3:13],
        serial=reference[-9:],
        slashes=reference.replace("-", "/"),
        own=window.nsw.read(content).source_reference,
    )


@each_country
def test_an_event_from_abroad_is_acknowledged_and_stored_with_what_was_lodged_and_decides_nothing(
    request, country, adapter
):
    window = request.getfixturevalue(country)
    reference, _ = left(window, country, adapter)
    document = _from_abroad(window, country, reference)

    answer = window.hand_over(document.encode(), window.nsw.media_type)

    assert answer.status_code == 200
    assert TAKEN[country] in answer.text
    [stored] = window.documents(direction="received")
    assert (stored["reference"], stored["state"]) == (reference, "arrival")
    assert {each["state"] for each in window.documents(direction="lodged")} == {"handed-over"}
    assert window.hand_over(document.encode(), window.nsw.media_type).text == answer.text
    assert adapter.deliveries.empty()


@each_country
@pytest.mark.parametrize("kind", sorted(TOLD_BY_THE_GATEWAY))
def test_what_the_gateway_tells_is_taken_without_an_office(request, country, kind, adapter):
    window = request.getfixturevalue(country)
    reference, _ = left(window, country, adapter)
    document = _from_abroad(window, country, reference)
    arrival = {"china": ">32<", "uzbekistan": '"YK"'}.get(country, ">02<")
    told = document.replace(arrival, arrival[0] + CODES[country][kind] + arrival[-1])

    answer = window.hand_over(told.encode(), window.nsw.media_type)

    assert "office" not in told.lower()
    assert "post" not in told.lower()
    assert (answer.status_code, TAKEN[country] in answer.text) == (200, True)
    [stored] = window.documents(direction="received")
    assert (stored["reference"], stored["state"]) == (reference, kind)


@pytest.mark.parametrize("country", ["kyrgyzstan", "kazakhstan"])
def test_an_event_that_names_no_country_that_saw_it_is_filed_with_what_was_lodged(request, country, adapter):
    window = request.getfixturevalue(country)
    reference, _ = left(window, country, adapter)
    document = _without_source_country(_from_abroad(window, country, reference))

    assert window.hand_over(document.encode(), window.nsw.media_type).status_code == 200
    assert [each["reference"] for each in window.documents(direction="received")] == [reference]


def test_an_event_that_names_no_country_that_saw_it_is_filed_with_what_was_received(kazakhstan, kz_information):
    kazakhstan.control.put("/control/behaviour", json={"default": {"decision": "none"}})
    kazakhstan.hand_over(kz_information())
    document = FROM_ABROAD["kazakhstan"].format(slashes="9402000000001").replace(">EX<", ">IM<")

    kazakhstan.hand_over(_without_source_country(document).encode())

    declaration, event = kazakhstan.documents(direction="received")
    assert event["reference"] == declaration["reference"]


def _without_source_country(document):
    without = re.sub(r"<(s:)?SourceCountryCode>..</(s:)?SourceCountryCode>", "", document)
    assert without != document
    return without


def test_an_event_about_the_declaration_of_another_country_is_filed_with_it(kazakhstan, kz_information):
    kazakhstan.control.put("/control/behaviour", json={"default": {"decision": "none"}})
    for source in ("UZ", "CN"):
        kazakhstan.hand_over(kz_information(f"00000000-{source}", source=source, reference="9402000000001"))
    departure = (
        FROM_ABROAD["kazakhstan"].format(slashes="9402000000001").replace(">EX<", ">IM<").replace(">UZ<", ">CN<")
    )

    kazakhstan.hand_over(departure.encode())

    from_uz, from_cn, event = kazakhstan.documents(direction="received")
    assert from_uz["reference"] != from_cn["reference"]
    assert event["reference"] == from_cn["reference"]


@each_country
def test_an_event_about_something_unknown_is_kept_under_the_reference_it_names(request, country):
    window = request.getfixturevalue(country)
    document = FROM_ABROAD[country].format(
        reference="9403000000099", date="2026-11-23", serial="000000099", slashes="KZ/20261123/000000099", own="X-99"
    )

    assert window.hand_over(document.encode(), window.nsw.media_type).status_code == 200
    [stored] = window.documents()
    assert stored["reference"] in {"9403000000099", "KG-2026-11-23-000000099", "KZ-20261123-000000099", "X-99"}


@each_country
def test_an_event_of_no_known_kind_cannot_be_read(request, country):
    window = request.getfixturevalue(country)
    document = FROM_ABROAD[country].format(reference="1", date="2026-11-23", serial="000000099", slashes="1", own="1")
    strange = document.replace(">32<", ">99<").replace(">02<", ">99<").replace('"YK"', '"ZZ"')

    assert strange != document
    assert window.hand_over(strange.encode(), window.nsw.media_type).status_code == 400


# What the control port turns away


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"event": "earthquake"},
        {"event": "expiry"},
        {"event": "undeliverable"},
        {"event": "arrival", "time": "2026-11-23T10:30:00"},
        {"event": "arrival", "seals": [{"id": "1", "state": "melted"}]},
        {"event": "arrival", "gross_mass_kg": "-1"},
        {"event": "arrival", "gross_mass_kg": "NaN"},
        {"event": "arrival", "remarks": "x" * 513},
        {"event": "arrival", "remarks": "\x07"},
        {"event": "arrival", "plates": ["\x07"]},
        {"event": "arrival", "plates": ["\ufffe"]},
        {"event": "arrival", "consignments": [{"number": 1, "currency": "dollars"}]},
        {"event": "arrival", "consignments": [{"number": 1, "waybill": "\x07"}]},
        {"event": "arrival", "consignments": [{"number": 0}]},
        {"event": "arrival", "consignments": [{"number": 1, "subheadings": ["1234"]}]},
        {"event": "arrival", "weather": "snow"},
    ],
)
def test_an_event_that_is_not_understood_is_422(china, adapter, body):
    reference, _ = left(china, "china", adapter)

    answer = china.control.post(f"/control/event/{reference}", json=body)

    assert answer.status_code == 422
    assert adapter.deliveries.empty()


@each_country
def test_an_event_about_nothing_is_404(request, country):
    assert tell(request.getfixturevalue(country), "KG-2026-11-23-000000000", "arrival").status_code == 404


@each_country
def test_an_event_follows_the_latest_version_and_not_its_withdrawal(country):
    nsw = COUNTRIES[country]
    simulator = Simulator(nsw, Issuer())
    lodged = simulator.lodge_sample(SAMPLE.get(country, "two-consignments"))[0]
    if nsw.withdraw is not None:
        simulator.withdraw(lodged.reference, "002")

    record = simulator.report(lodged.reference, EventKind.DEPARTURE)

    assert lodged.documents[0].identity.document_id in record.body.decode()
