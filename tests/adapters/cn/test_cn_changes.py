"""Changes, deletions and goods for a third country: as China's manifests say them, and as the gateway judges them."""

import pytest
from lxml import etree

from adapters.cn import ADAPTER
from adapters.kit.contract import XML, National
from adapters.kit.legs import way_of
from gateway.message.finding import Severity
from gateway.validation.rule import Context
from gateway.validation.validate import validate

WAY = "<BorderTransportMeans>{}</BorderTransportMeans>".format(
    "".join(
        f"<Itinerary><RoutingCountryCode>{country}</RoutingCountryCode></Itinerary>" for country in ("CN", "KG", "UZ")
    )
)


def refusals(message):
    now = message.communication_meta_data.preparation_date_time
    return [(f.rule, f.pointer) for f in validate(message, Context(now=now)) if f.severity is Severity.REJECT]


def of_function(message, function, **changes):
    declaration = message.declaration.model_copy(update={"function_code": function, **changes})
    return message.model_copy(update={"declaration": declaration})


@pytest.fixture
def change(example, read):
    return read(example("export_change.xml")).message


def test_a_change_is_a_replacement_with_its_reason_and_without_a_version(change):
    declaration = change.declaration
    assert (declaration.function_code, declaration.version_id) == ("5", None)
    assert [amendment.change_reason_code for amendment in declaration.amendment] == ["004"]
    assert [found for found in refusals(change) if found[0].startswith("ACD-REF")] == []


def test_a_change_with_its_confirmation_is_one_replacement_that_no_rule_of_the_gateway_refuses(
    example, unzipped, bundle, read
):
    bodies = unzipped(example("export_typical.zip"))
    changed = {}
    for name, body in bodies.items():
        text = body.decode().replace("<FunctionCode>9<", "<FunctionCode>5<")
        changed[name] = text.replace(
            "    <BorderTransportMeans>\n      <TypeCode>3</TypeCode>\n    </BorderTransportMeans>",
            "    <Amendment><ChangeReasonCode>004</ChangeReasonCode></Amendment>\n"
            "    <BorderTransportMeans>\n      <TypeCode>3</TypeCode>\n    </BorderTransportMeans>",
        ).encode()
    reading = read(bundle(changed))
    assert reading.message.declaration.function_code == "5"
    assert reading.message.declaration.border_transport_means.master
    assert [f.rule for f in reading.findings if f.rule == "CN-014"] == []
    assert refusals(reading.message) == []


def test_a_change_without_a_reason_is_carried_and_refused_by_the_rule_that_asks_for_one(changed, read):
    document = changed("export_change.xml", "<ChangeReasonCode>004</ChangeReasonCode>", "")
    message = read(document).message
    assert message.declaration.amendment == ()
    assert ("ACD-REF-02", "/Declaration/Amendment") in refusals(message)


def test_a_deletion_is_a_cancellation_that_no_rule_of_the_gateway_refuses(example, read):
    message = read(example("export_delete.xml")).message
    assert message.declaration.function_code == "1"
    assert message.declaration.amendment[0].change_reason_code == "002"
    assert refusals(message) == []


def test_a_cancellation_becomes_a_deletion_with_nothing_but_its_keys_and_its_reason(
    example, read, change, faults_of_form
):
    whole = read(example("import_typical.zip")).message
    message = of_function(whole, "1", amendment=change.declaration.amendment)
    written = ADAPTER.write(message)
    assert written.document.media_type == XML
    assert faults_of_form(written.document) == []
    declaration = etree.fromstring(written.document.body).find("{*}Declaration")
    names = {etree.QName(leaf).localname for leaf in declaration.iter() if len(leaf) == 0}
    assert names == {"DeclarationOfficeID", "ID", "ChangeReasonCode"}
    assert declaration.findtext("{*}Amendment/{*}ChangeReasonCode") == "004"
    again = read(written.document).message.declaration
    assert again.function_code == "1"
    assert again.functional_reference_id == whole.declaration.functional_reference_id
    assert "/Declaration/Consignment/0/Consignor/Name" in {f.pointer for f in written.findings}


def test_a_replacement_becomes_a_change_with_its_reason(example, read, change, unzipped):
    message = of_function(read(example("import_typical.zip")).message, "5", amendment=change.declaration.amendment)
    manifest, confirmation = unzipped(ADAPTER.write(message).document).values()
    for body in (manifest, confirmation):
        assert etree.fromstring(body).findtext("{*}Head/{*}FunctionCode") == "5"
    assert etree.fromstring(manifest).findtext("{*}Declaration/{*}Amendment/{*}ChangeReasonCode") == "004"


@pytest.fixture
def with_way(changed):
    """The export manifest of goods whose way leads through Kyrgyzstan to Uzbekistan."""
    return changed("export_manifest_alone.xml", "<Consignee>", f"{WAY}<Consignee>", 1)


def test_goods_through_the_neighbour_to_a_third_country_have_their_way_and_destination(with_way, read, faults_of_form):
    assert faults_of_form(with_way) == []
    reading = read(with_way)
    consignment = reading.message.declaration.consignment[0]
    assert [step.routing_country_code for step in consignment.itinerary] == ["CN", "KG", "UZ"]
    assert (consignment.export_country.id, consignment.destination.country_code) == ("CN", "UZ")
    assert reading.message.communication_meta_data.recipient.id == "KG-NSW"
    pointer = "/Declaration/Consignment/0/Itinerary/2/RoutingCountryCode"
    assert reading.origins[pointer].endswith("/Itinerary[3]/RoutingCountryCode")


@pytest.mark.parametrize(("number", "country"), [("304118562", "UZ"), ("INN+00512201810093", "KG")])
def test_the_consignee_of_goods_for_a_third_country_is_there_unless_its_number_says_otherwise(
    number, country, with_way, read
):
    document = National(with_way.body.replace(b"INN+00512201810093", number.encode()), XML)
    reading = read(document)
    at = "/Declaration/Consignment/0/Consignee/Address/CountryCode"
    assert reading.message.declaration.consignment[0].consignee.address.country_code == country
    assert (at in [f.pointer for f in reading.findings if f.rule == "CN-016"]) == (country == "UZ")


def test_a_place_of_destination_in_a_third_country_implies_the_way(changed, read):
    document = changed(
        "export_manifest_alone.xml",
        "<TransportContractDocument>",
        "<TransitDestination><ID>UZTAS</ID></TransitDestination><TransportContractDocument>",
        1,
    )
    reading = read(document)
    consignment = reading.message.declaration.consignment[0]
    assert [step.routing_country_code for step in consignment.itinerary] == ["CN", "KG", "UZ"]
    assert consignment.transit_destination.id == "UZTAS"
    assert consignment.destination.country_code == "UZ"
    assert [f.value for f in reading.findings if f.rule == "CN-026"] == ["UZTAS"]


@pytest.mark.parametrize("place", ["41700201", "KGFRU", "ZZ999"])
def test_a_place_of_destination_in_no_third_country_implies_nothing(place, changed, read):
    document = changed(
        "export_manifest_alone.xml",
        "<TransportContractDocument>",
        f"<TransitDestination><ID>{place}</ID></TransitDestination><TransportContractDocument>",
        1,
    )
    consignment = read(document).message.declaration.consignment[0]
    assert (consignment.itinerary, consignment.destination.country_code) == ((), "KG")


def test_a_way_of_the_vehicle_beyond_the_neighbour_is_the_way_of_its_goods(changed, read):
    document = changed(
        "export_typical.zip",
        "<RoutingCountryCode>KG</RoutingCountryCode>\n      </Itinerary>",
        "<RoutingCountryCode>KG</RoutingCountryCode>\n      </Itinerary>\n      <Itinerary>\n"
        "        <RoutingCountryCode>UZ</RoutingCountryCode>\n      </Itinerary>",
    )
    declaration = read(document).message.declaration
    assert {consignment.destination.country_code for consignment in declaration.consignment} == {"UZ"}
    assert way_of(declaration) == ("CN", "KG", "UZ")


def test_the_way_of_transit_goods_is_written_and_read_back(with_way, read, faults_of_form):
    message = read(with_way).message
    written = ADAPTER.write(message)
    assert faults_of_form(written.document) == []
    assert read(written.document).message == message


def test_goods_that_come_from_a_third_country_have_it_as_their_country_of_dispatch(changed, read):
    way = "<Itinerary><RoutingCountryCode>UZ</RoutingCountryCode></Itinerary>"
    document = changed("import_typical.zip", "<Itinerary>", f"{way}<Itinerary>", 1)
    consignment = read(document).message.declaration.consignment[0]
    assert (consignment.export_country.id, consignment.destination.country_code) == ("UZ", "CN")
