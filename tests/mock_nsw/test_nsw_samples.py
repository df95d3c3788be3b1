"""What the traders of the mock windows lodge: right where it must be, wrong where it says so."""

from __future__ import annotations

import csv
import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lxml import etree
from stdnum import iso6346
from stdnum.cn import ric, uscc

from mock_nsw import cn, kg, kz, uz
from mock_nsw.faults import Fault
from mock_nsw.issuing import Issuer
from mock_nsw.national import Role

CODELISTS = Path(__file__).parents[2] / "schemas" / "codelists"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SAMPLES = [(nsw, name) for nsw in (cn.NSW, kg.NSW, kz.NSW, uz.NSW) for name in nsw.samples]
each_sample = pytest.mark.parametrize(("nsw", "name"), SAMPLES, ids=[f"{n.country} {s}" for n, s in SAMPLES])


def make(nsw, name, seed=None):
    return nsw.samples[name].make(Issuer(lambda: NOON, seed))


def codes(list_name):
    with (CODELISTS / f"{list_name}.csv").open(encoding="utf-8", newline="") as rows:
        return {row["code"] for row in csv.DictReader(rows)}


def plain(document):
    """The document without its namespaces, for short paths."""
    root = etree.fromstring(document)
    for element in root.iter():
        element.tag = etree.QName(element).localname
    return root


def texts(root, path):
    return [element.text for element in root.iterfind(path)]


@each_sample
def test_a_sample_is_utf_8_without_document_type_and_read_by_its_own_window(nsw, name):
    for document in make(nsw, name):
        document.decode("utf-8")
        assert b"<!DOCTYPE" not in document
        assert nsw.read(document).type in nsw.lodges


@each_sample
def test_the_documents_of_a_sample_belong_together(nsw, name):
    assert len({nsw.read(document).shares or nsw.read(document).reference for document in make(nsw, name)}) == 1


@each_sample
def test_no_two_lodged_samples_share_an_identifier_even_within_one_millisecond(nsw, name):
    issuer = Issuer(lambda: NOON)
    identities = [nsw.read(document) for _ in range(50) for document in nsw.samples[name].make(issuer)]

    assert len({identity.document_id for identity in identities}) == len(identities)
    assert len({identity.shares or identity.reference for identity in identities}) == 50


@each_sample
def test_a_sample_is_the_same_with_the_same_clock_and_seed_and_another_with_another_seed(nsw, name):
    assert make(nsw, name, seed=7) == make(nsw, name, seed=7)
    assert make(nsw, name, seed=7) != make(nsw, name, seed=8)


@each_sample
def test_a_sample_is_described_in_the_three_working_languages(nsw, name):
    description = nsw.samples[name].description
    assert set(description) == {"en", "ru", "zh"}
    assert re.search("[А-Яа-я]", description["ru"])
    assert re.search("[\u4e00-\u9fff]", description["zh"])


# China


def test_three_consignments_are_one_batch_with_three_waybills_that_the_confirmation_repeats():
    manifest, confirmation = (plain(document) for document in make(cn.NSW, "three-consignments"))

    waybills = texts(manifest, "Declaration/Consignment/TransportContractDocument/ID")
    assert len(set(waybills)) == 3
    assert texts(confirmation, "Declaration/Consignment/TransportContractDocument/ID") == waybills
    assert confirmation.findtext("Declaration/ID") == manifest.findtext("Declaration/ID")


def test_the_roles_in_china_are_manifest_then_confirmation():
    roles = [cn.NSW.read(document).role for document in make(cn.NSW, "three-consignments")]
    assert roles == [Role.DECLARATION, Role.SUPPLEMENT]


def test_the_codes_of_three_consignments_are_in_their_lists():
    manifest = plain(make(cn.NSW, "three-consignments")[0])

    units = [quantity.get("unitCode") for quantity in manifest.iter("TotalPackageQuantity", "QuantityQuantity")]
    assert set(units) <= codes("packages")
    assert len(set(units)) >= 4
    classifications = texts(manifest, ".//Classification/ID")
    assert {code for code in classifications if len(code) == 6} <= codes("hs6")
    assert set(texts(manifest, ".//ConditionCode")) == {"10", "27"}
    assert set(texts(manifest, ".//PaymentMethodCode")) == {"PP", "CC"}
    assert {value.get("currencyID") for value in manifest.iter("ValueAmount")} == {"CNY", "USD"}


def test_the_dangerous_goods_stand_beside_their_contact():
    manifest = plain(make(cn.NSW, "three-consignments")[0])

    [dangerous] = [
        consignment for consignment in manifest.iter("Consignment") if consignment.find("UNDGContact") is not None
    ]
    [un_number] = texts(dangerous, "ConsignmentItem/Commodity/Classification/ID")
    assert len(un_number) == 4
    assert un_number in codes("un_numbers")
    assert dangerous.findtext("UNDGContact/Communication/TypeID") == "TE"


def chinese_faults(documents):
    """What is wrong with a manifest and its confirmation, found without the code that made them."""
    manifest, confirmation = (plain(document) for document in documents)
    found = []
    containers = {
        e.findtext("ID")
        for root in (manifest, confirmation)
        for e in root.iterfind(".//Consignment/TransportEquipment")
    }
    found += ["container" for number in containers if not iso6346.is_valid(number)]
    units = [e.get("unitCode") for e in manifest.iter("QuantityQuantity", "TotalPackageQuantity")]
    found += ["package type" for unit in units if unit not in codes("packages")]
    ids = texts(manifest, ".//Consignor/ID")
    found += ["social credit identifier" for number in ids if not uscc.is_valid(number.removeprefix("USCI+"))]
    for consignment in manifest.iter("Consignment"):
        declared = Decimal(consignment.findtext("GovernmentAgencyGoodsItem/GoodsMeasure/GrossMassMeasure"))
        if declared != sum(map(Decimal, texts(consignment, "ConsignmentItem/GoodsMeasure/GrossMassMeasure"))):
            found.append("gross mass")
        total = int(consignment.findtext("TotalPackageQuantity"))
        if total != sum(map(int, texts(consignment, "ConsignmentItem/Packaging/QuantityQuantity"))):
            found.append("packages")
    return found


@pytest.mark.parametrize("name", ["three-consignments", "single-consignment"])
@pytest.mark.parametrize("seed", range(5))
def test_the_right_samples_of_china_have_no_fault(name, seed):
    assert chinese_faults(make(cn.NSW, name, seed)) == []


@pytest.mark.parametrize("seed", range(20))
def test_four_faults_has_exactly_its_four_faults(seed):
    assert chinese_faults(make(cn.NSW, "four-faults", seed)) == [
        "container",
        "package type",
        "social credit identifier",
        "gross mass",
    ]


def test_the_confirmation_names_truck_trailer_driver_container_and_seals():
    manifest, confirmation = (plain(document) for document in make(cn.NSW, "three-consignments"))

    truck = confirmation.find("Declaration/BorderTransportMeans")
    assert re.fullmatch(r"新P\d{5}", truck.findtext("ID"))
    assert re.fullmatch(r"新P\d{4}挂", truck.findtext("TransportEquipment/ID"))
    assert ric.is_valid(truck.findtext("Master/ID"))
    assert truck.findtext("Master/Name")
    equipment = confirmation.findall("Declaration/Consignment/TransportEquipment")
    assert texts(manifest, ".//TransportEquipment/ID") == [element.findtext("ID") for element in equipment]
    assert all(len(element.findall("SealID")) == 2 for element in equipment)


def test_times_in_china_are_digits_in_beijing_time_and_arrival_is_hours_ahead():
    manifest, confirmation = (plain(document) for document in make(cn.NSW, "single-consignment"))

    arrival = confirmation.findtext("Declaration/BorderTransportMeans/ArrivalDateTime")
    local_noon = NOON.astimezone(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None)
    assert datetime.strptime(arrival, "%Y%m%d%H%M%S") - local_noon == timedelta(hours=6)  # noqa: DTZ007
    assert manifest.findtext("Head/SendTime").startswith("20261123200000")
    assert manifest.findtext("Head/MessageID").endswith(manifest.findtext("Head/SendTime"))


def test_without_confirmation_is_the_manifest_alone_and_the_confirmation_can_be_had_alone():
    types = {name: [cn.NSW.read(d).type for d in make(cn.NSW, name)] for name in cn.NSW.samples}
    assert types["without-confirmation"] == ["MT2401"]
    assert types["three-consignments-confirmation"] == ["MT4402"]
    assert types["four-faults"] == ["MT2401", "MT4402"]


# Kyrgyzstan


def test_two_consignments_add_up():
    root = plain(make(kg.NSW, "two-consignments")[0])

    main = root.find("MainConsignmentDetails")
    consignments = main.findall("ConsignmentDetails")
    assert len(consignments) == 2
    for consignment in consignments:
        items = map(Decimal, texts(consignment, "GoodsItem/GrossWeightQuantity"))
        assert Decimal(consignment.findtext("GrossWeightQuantity")) == sum(items)
        packages = map(int, texts(consignment, "GoodsItem/CargoPackagePalletDetails/PakageQuantity"))
        assert int(consignment.findtext("CargoQuantity")) == sum(packages)
        amounts = map(Decimal, texts(consignment, "GoodsItem/CAValueAmount/Amount"))
        assert Decimal(consignment.findtext("TotalAmount/Amount")) == sum(amounts)
        assert consignment[-1].tag == "ExportDeclarationNumber"
    totals = map(Decimal, texts(main, "ConsignmentDetails/GrossWeightQuantity"))
    assert Decimal(main.findtext("TotalGrossMassMeasure")) == sum(totals)
    for item in main.iter("GoodsItem"):
        assert Decimal(item.findtext("NetWeightQuantity")) <= Decimal(item.findtext("GrossWeightQuantity"))


def test_the_codes_and_identifiers_of_two_consignments_have_their_forms():
    root = plain(make(kg.NSW, "two-consignments")[0])

    tnved = texts(root, ".//GoodsTNVEDCode")
    assert all(re.fullmatch(r"\d{10}", code) for code in tnved)
    assert {code[:6] for code in tnved} <= codes("hs6")
    assert set(texts(root, ".//PalleteCode")) <= codes("packages")
    assert all(re.fullmatch(r"\d{14}", inn) for inn in texts(root, ".//KGINN"))
    assert all(re.fullmatch(r"\d{8}", okpo) for okpo in texts(root, ".//KGOKPO"))
    assert all(uscc.is_valid(number) for number in texts(root, ".//UITNCode"))
    assert all(re.fullmatch(r"01KG\d{3}[A-Z]{3}", plate) for plate in texts(root, ".//TransportMeansRegId"))
    assert len(texts(root, ".//TransportMeansRegId")) == 2
    assert all(len(vin) == 17 for vin in texts(root, ".//VINID"))
    assert int(root.findtext(".//SealQuantity")) == len(texts(root, ".//CustomsIdentificationMeansId"))


def test_the_texts_of_kyrgyzstan_use_the_letters_that_russian_lacks():
    text = make(kg.NSW, "two-consignments")[0].decode()
    assert all(letter in text.casefold() for letter in "ңөү")


def test_the_truck_of_kyrgyzstan_leaves_by_torugart_and_is_expected_hours_later():
    root = plain(make(kg.NSW, "two-consignments")[0])

    tags = [element.tag for element in root]
    posts = tags.index("ExitCheckPointDetails")
    assert tags[posts : posts + 3] == ["ExitCheckPointDetails", "EntryCheckPointDetails", "PlannedArrivalDateTime"]
    assert root.find("EntryCheckPointDetails/CustomsOfficeCode") is None
    assert root.findtext("EntryCheckPointDetails/BorderCheckpointCode") in codes("customs_offices")
    assert root.findtext("ExitCheckPointDetails/CustomsOfficeCode") in codes("customs_offices")
    planned = datetime.fromisoformat(root.findtext("PlannedArrivalDateTime"))
    assert planned - NOON == timedelta(hours=5)
    assert planned.utcoffset() == timedelta(hours=6)
    assert root.findtext("CarrierDetails/CarrierRepresentativeDetails/PersonSurname")


def test_an_empty_vehicle_declares_no_goods():
    root = plain(make(kg.NSW, "empty-vehicle")[0])
    assert root.find("MainConsignmentDetails") is None
    assert root.find("BorderTransportDetails/PIATTransportMeansItemDetails") is not None


def test_the_truck_for_uzbekistan_leaves_by_dostuk_and_its_consignees_are_uzbek():
    root = plain(make(kg.NSW, "two-consignments-to-uz")[0])

    assert root.findtext("EECEDocHeaderAddInfo/DestinationCountryCode") == "UZ"
    assert root.findtext("ExitCheckPointDetails/CustomsOfficeCode") == "41700501"
    assert root.findtext("EntryCheckPointDetails/BorderCheckpointCode") == "86021"
    consignees = root.findall("MainConsignmentDetails/ConsignmentDetails/ConsigneeDetails")
    assert [consignee.findtext("CountryA2Code") for consignee in consignees] == ["UZ", "UZ"]
    assert all(re.fullmatch(r"\d{9}", consignee.findtext("UITN/UITNCode")) for consignee in consignees)
    assert set(texts(root, "MainConsignmentDetails/ConsignmentDetails/DestinationCountryCode")) == {"UZ"}


# China, other ways


def test_late_is_to_arrive_in_twenty_minutes_and_is_right_in_all_else():
    documents = make(cn.NSW, "late")

    assert chinese_faults(documents) == []
    arrival = plain(documents[1]).findtext("Declaration/BorderTransportMeans/ArrivalDateTime")
    planned = datetime.strptime(arrival, "%Y%m%d%H%M%S").replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    assert planned - NOON == timedelta(minutes=20)


@pytest.mark.parametrize(
    ("name", "office", "countries"),
    [("to-kazakhstan", "9402", ["CN", "KZ"]), ("transit-to-uzbekistan", "9403", ["CN", "KG", "UZ"])],
)
def test_the_office_is_in_both_documents_and_the_way_in_the_confirmation(name, office, countries):
    documents = make(cn.NSW, name)
    manifest, confirmation = (plain(document) for document in documents)

    assert chinese_faults(documents) == []
    assert {root.findtext("Declaration/DeclarationOfficeID") for root in (manifest, confirmation)} == {office}
    assert manifest.findtext("Declaration/ID").startswith(office)
    assert texts(confirmation, ".//RoutingCountryCode") == countries


def test_only_goods_in_transit_say_their_way_in_the_manifest_too():
    places = ("BorderTransportMeans/Itinerary/RoutingCountryCode", "TransitDeparture/ID", "TransitDestination/ID")
    ways = {
        name: [
            [texts(consignment, place) for place in places]
            for consignment in plain(make(cn.NSW, name)[0]).iterfind("Declaration/Consignment")
        ]
        for name in cn.NSW.samples
        if name != "three-consignments-confirmation"
    }

    assert ways.pop("transit-to-uzbekistan") == [[["CN", "KG", "UZ"], ["9403"], ["UZTAS"]]]
    assert all(way == [[], [], []] for consignments in ways.values() for way in consignments)


def test_a_consignment_in_transit_has_its_elements_in_the_order_of_the_form():
    consignment = plain(make(cn.NSW, "transit-to-uzbekistan")[0]).find("Declaration/Consignment")

    names = [element.tag for element in consignment]
    assert names[names.index("BorderTransportMeans") - 1 :][:3] == ["ValueAmount", "BorderTransportMeans", "Consignee"]
    assert names[names.index("TransitDeparture") - 1 :][:4] == [
        "NotifyParty",
        "TransitDeparture",
        "TransitDestination",
        "TransportContractDocument",
    ]


# Kazakhstan


def kz_check_digit(number):
    """The twelfth digit of a BIN, from the other eleven (weights 1 to 11, or 3 to 11, 1, 2 when that gives 10)."""
    for weights in (range(1, 12), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
        rest = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False)) % 11
        if rest < 10:
            return str(rest)
    return ""


KAZAKH = ("two-consignments", "two-consignments-to-cn")


@pytest.mark.parametrize("name", KAZAKH)
def test_the_consignments_of_kazakhstan_add_up(name):
    root = plain(make(kz.NSW, name)[0])

    consignments = root.findall("ConsignmentDetails")
    assert len(consignments) == 2
    for consignment in consignments:
        for name, of_item in (
            ("UnifiedGrossMassMeasure", "UnifiedGrossMassMeasure"),
            ("CAValueAmount", "CAValueAmount"),
            ("CargoQuantity", "PackageDetails/PackageQuantity"),
        ):
            of_items = map(Decimal, texts(consignment, f"GoodsItemDetails/{of_item}"))
            assert Decimal(consignment.findtext(name)) == sum(of_items)
    for name in ("UnifiedGrossMassMeasure", "CargoQuantity"):
        assert Decimal(root.findtext(name)) == sum(map(Decimal, texts(root, f"ConsignmentDetails/{name}")))
    assert int(root.findtext("GoodsItemQuantity")) == len(root.findall("ConsignmentDetails/GoodsItemDetails"))


@pytest.mark.parametrize("name", KAZAKH)
def test_the_codes_and_identifiers_of_kazakhstan_have_their_forms(name):
    root = plain(make(kz.NSW, name)[0])

    tnved = texts(root, ".//CommodityCode")
    assert all(re.fullmatch(r"\d{10}", code) for code in tnved)
    assert {code[:6] for code in tnved} <= codes("hs6")
    assert set(texts(root, ".//PackageKindCode")) <= codes("packages")
    residents = {number for number in texts(root, ".//BIN") if number != "000000000000"}
    assert len(residents) == 3
    assert all(number[-1] == kz_check_digit(number) for number in residents)
    for party in root.iter("ConsigneeDetails"):
        assert (party.findtext("BIN"), party.findtext("NonResidentIndicator")) == ("000000000000", "1")
        foreign = party.findtext("ForeignTaxpayerId")
        if party.findtext("SubjectAddressDetails/UnifiedCountryCode") == "CN":
            assert uscc.is_valid(foreign)
        else:
            assert re.fullmatch(r"\d{9}", foreign)
    assert all(letter in etree.tostring(root, encoding="unicode").casefold() for letter in "әқұүіө")


@pytest.mark.parametrize(
    ("name", "destination", "exit_office", "entry_office"),
    [("two-consignments", "UZ", "39821", "86011"), ("two-consignments-to-cn", "CN", "39811", "9402")],
)
def test_the_truck_of_kazakhstan_leaves_for_its_neighbour_in_time(name, destination, exit_office, entry_office):
    root = plain(make(kz.NSW, name)[0])

    assert root.findtext("EDocHeader/DestinationCountryCode") == destination
    assert root.findtext("ExitCheckPointDetails/CustomsOfficeCode") == exit_office
    assert root.findtext("EntryCheckPointDetails/CustomsOfficeCode") == entry_office
    assert set(texts(root, ".//ConsignmentDetails/DestinationCountryCode")) == {destination}
    assert texts(root, ".//ItineraryPointDetails/LocationCode") == [exit_office, entry_office]
    planned = datetime.fromisoformat(root.findtext("BorderTransportDetails/PlannedArrivalDateTime"))
    assert planned - NOON == timedelta(hours=5)
    assert planned.utcoffset() == timedelta(hours=5)
    assert root.findtext(".//CrewMemberDetails/FullNameDetails/LastName")


# Uzbekistan


UZBEK = ("two-consignments", "two-consignments-to-kz")


@pytest.mark.parametrize("name", UZBEK)
def test_the_consignments_of_uzbekistan_add_up(name):
    document = json.loads(make(uz.NSW, name)[0])

    assert len(document["yuklar"]) == 2
    for consignment in document["yuklar"]:
        items = consignment["tovarlar"]
        assert Decimal(consignment["bruttoKg"]) == sum(Decimal(item["bruttoKg"]) for item in items)
        assert Decimal(consignment["qiymat"]["miqdor"]) == sum(Decimal(item["qiymat"]["miqdor"]) for item in items)
        assert int(consignment["jami"]["soni"]) == sum(int(item["oramlar"][0]["soni"]) for item in items)
    assert Decimal(document["jamiBruttoKg"]) == sum(Decimal(each["bruttoKg"]) for each in document["yuklar"])
    assert int(document["jamiJoylar"]["soni"]) == sum(int(each["jami"]["soni"]) for each in document["yuklar"])
    assert int(document["jamiTovarlar"]) == sum(len(each["tovarlar"]) for each in document["yuklar"])


@pytest.mark.parametrize(
    ("name", "destination", "exit_office", "entry_office"),
    [("two-consignments", "KG", "86021", "41700501"), ("two-consignments-to-kz", "KZ", "86011", "39821")],
)
def test_the_truck_of_uzbekistan_leaves_for_its_neighbour_in_time(name, destination, exit_office, entry_office):
    document = json.loads(make(uz.NSW, name)[0])

    assert document["qabulQiluvchiMamlakat"] == destination
    assert (document["chiqishPosti"], document["kirishPosti"]) == (exit_office, entry_office)
    planned = datetime.strptime(document["transport"]["kelish"] + "+0500", "%d.%m.%Y %H:%M%z")
    assert planned - NOON == timedelta(hours=5)


@pytest.mark.parametrize("name", UZBEK)
def test_the_codes_and_letters_of_uzbekistan_have_their_forms(name):
    content = make(uz.NSW, name)[0].decode()
    document = json.loads(content)

    items = [item for consignment in document["yuklar"] for item in consignment["tovarlar"]]
    assert {item["tnKod"][:6] for item in items} <= codes("hs6")
    assert {item["oramlar"][0]["turi"] for item in items} <= codes("packages")
    senders = [document["tashuvchi"], *(consignment["yuboruvchi"] for consignment in document["yuklar"])]
    assert all(re.fullmatch(r"\d{9}", party["stir"]) for party in senders)
    for consignment in document["yuklar"]:
        foreign = consignment["oluvchi"]["chetRaqam"]
        if consignment["manzilMamlakati"] == "KZ":
            assert foreign[-1] == kz_check_digit(foreign)
        else:
            assert re.fullmatch(r"\d{14}", foreign)
    # The two letters of the Latin alphabet that are no apostrophes.
    assert "oʻ" in content
    assert "'" not in content
    assert "’" not in content


# What the readers are told


@pytest.mark.parametrize("page", ["mock_nsw/README.md", "docs/national-wires.md"])
def test_every_fault_is_on_the_page(page):
    text = (CODELISTS.parents[1] / page).read_text(encoding="utf-8")
    assert [fault for fault in Fault if f"`{fault}`" not in text] == []


def test_every_sample_is_in_the_readme():
    text = (CODELISTS.parents[1] / "mock_nsw" / "README.md").read_text(encoding="utf-8")
    assert [name for _, name in SAMPLES if f"`{name}`" not in text] == []
