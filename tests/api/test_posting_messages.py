"""Steps 1 to 9 over HTTP: what a partner that posts a message sees."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from builders.declarations import fresh
from builders.serving import now
from gateway.message.canonical import bytes_digest, content_digest
from gateway.message.json_twin import write_json
from gateway.message.receipt import read_receipt
from gateway.message.xml_twin import write_xml
from gateway.signing import Purpose, load_trust, sign_detached, sign_xml, verify_detached


def receipt_of(gateway, response):
    """The receipt in a response, its signature verified."""
    trust = load_trust(gateway.workshop.trust)
    proof = verify_detached(
        response.content, response.headers["JWS-Signature"], trust, purpose=Purpose.RECEIPT, at=now()
    )
    assert proof.signer.participant == "GATEWAY"
    return read_receipt(proof.body)


@pytest.mark.parametrize("syntax", ["xml", "json"])
def test_a_good_declaration_is_accepted_with_a_signed_receipt(gateway, declaration, syntax):
    response = gateway.post(declaration, syntax=syntax)
    assert response.status_code == 202
    receipt = receipt_of(gateway, response)
    assert (receipt.outcome, receipt.state, receipt.sender) == ("accepted", "registered", "CN")
    assert receipt.content_digest == content_digest(declaration)
    assert receipt.message_digest == bytes_digest(response.request.content)


@pytest.mark.parametrize("syntax", ["xml", "json"])
def test_the_same_message_again_gets_the_same_receipt_byte_for_byte(gateway, declaration, syntax):
    first = gateway.post(declaration, syntax=syntax)
    again = gateway.post(declaration, syntax=syntax)  # signed anew: other signature bytes, same content
    assert again.status_code == first.status_code == 202
    assert again.content == first.content
    assert again.headers["JWS-Signature"] == first.headers["JWS-Signature"]


def test_both_twins_of_a_message_are_one_message(gateway, declaration):
    assert gateway.post(declaration, syntax="json").content == gateway.post(declaration, syntax="xml").content


def test_the_same_id_with_other_content_is_a_conflict(gateway, declaration):
    gateway.post(declaration)
    other = fresh(declaration, head={"id": declaration.communication_meta_data.id})
    response = gateway.post(other)
    assert response.status_code == 409
    assert response.headers["content-type"] == "application/problem+json"


def test_many_posts_of_one_message_at_once_make_one_exchange(gateway, declaration):
    body = sign_xml(write_xml(declaration), gateway.key("CN"), now())
    start = threading.Barrier(8)

    def post(_):
        start.wait()
        return gateway.post_bytes(body, "application/xml").content

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(post, range(8)))) == 1
    reference = declaration.declaration.functional_reference_id
    assert len(gateway.get("/v1/exchanges", "CN", reference=reference).json()["exchanges"]) == 1


def test_every_fault_is_named_in_one_pass_and_the_refusal_is_signed(gateway, declaration):
    content = declaration.declaration
    consignment = content.consignment[0]
    item = consignment.consignment_item[0]
    packaging = item.packaging[0].model_copy(update={"type_code": "QZ"})
    faulty = consignment.model_copy(
        update={
            "total_gross_mass_measure": consignment.total_gross_mass_measure.model_copy(update={"value": Decimal("1")}),
            "consignment_item": (
                item.model_copy(update={"packaging": (packaging,)}),
                *consignment.consignment_item[1:],
            ),
        }
    )
    message = fresh(declaration, consignment=(faulty, *content.consignment[1:]), function_code="9", entry_office=None)
    message = type(message).model_validate_json(write_json(message), by_alias=True, by_name=False)
    response = gateway.post(message)
    receipt = receipt_of(gateway, response)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    found = {(finding["rule"], finding["pointer"]) for finding in receipt.findings if finding["severity"] == "reject"}
    assert ("ACD-COD-01", "/Declaration/Consignment/0/ConsignmentItem/0/Packaging/0/TypeCode") in found
    assert ("ACD-CON-02", "/Declaration/Consignment/0/TotalGrossMassMeasure") in found
    assert any(pointer == "/Declaration/EntryOffice" for _, pointer in found)
    for finding in receipt.findings:
        assert set(finding["text"]) == {"en", "ru", "zh"}
        assert finding["xpath"].startswith("/MetaData/")


def test_a_refused_message_again_gets_the_same_refusal(gateway, declaration):
    message = fresh(declaration, total_package_quantity=None)
    first, again = gateway.post(message), gateway.post(message)
    assert first.status_code == again.status_code == 422
    assert first.content == again.content


def test_a_message_that_another_has_signed_is_refused(gateway, declaration):
    response = gateway.post(declaration, signer="KG")
    assert response.status_code == 422
    (finding,) = (one for one in receipt_of(gateway, response).findings if one["rule"] == "ACD-SIG-02")
    assert finding["text"]["en"] == "The message names CN as sender, but KG signed it."


def test_a_structural_fault_is_located_in_the_document(gateway, declaration):
    body = write_xml(declaration).replace(b"<FunctionCode>9<", b"<FunctionCode>nine<")
    response = gateway.post_bytes(sign_xml(body, gateway.key("CN"), now()), "application/xml")
    assert response.status_code == 422
    (finding,) = receipt_of(gateway, response).findings
    assert finding["pointer"] == "/Declaration/FunctionCode"
    assert finding["value"] == "nine"


def test_a_declaration_without_an_agreement_is_refused(gateway, declaration):
    response = gateway.post(fresh(declaration, head={"agreement_id": "cn-nobody"}))
    assert "ACD-AGR-01" in {finding["rule"] for finding in receipt_of(gateway, response).findings}


def test_a_direction_that_was_not_agreed_is_refused(gateway, declaration):
    recipient = declaration.communication_meta_data.recipient.model_copy(update={"id": "UZ"})
    response = gateway.post(fresh(declaration, head={"recipient": recipient}))
    assert response.status_code == 422
    places = {finding["pointer"] for finding in receipt_of(gateway, response).findings}
    assert "/CommunicationMetaData/Recipient/ID" in places


def test_a_reference_that_is_in_use_is_refused(gateway, declaration):
    gateway.post(declaration)
    again = fresh(declaration, functional_reference_id=declaration.declaration.functional_reference_id)
    response = gateway.post(again)
    told = {finding["rule"]: finding for finding in receipt_of(gateway, response).findings}
    assert "registered" in told["ACD-REF-05"]["text"]["en"]


def test_a_replacement_counts_the_version_and_a_cancellation_ends_the_exchange(gateway, declaration):
    gateway.post(declaration)
    reference = declaration.declaration.functional_reference_id
    reason = {"ChangeReasonCode": "004"}
    replaced = _with_amendment(
        fresh(declaration, functional_reference_id=reference, function_code="5", id="1", version_id="2"), reason
    )
    assert receipt_of(gateway, gateway.post(replaced)).state == "registered"
    cancelled = _with_amendment(
        fresh(declaration, functional_reference_id=reference, function_code="1", id="1", version_id="2"), reason
    )
    assert receipt_of(gateway, gateway.post(cancelled)).state == "cancelled"
    (exchange,) = gateway.get("/v1/exchanges", "KG", reference=reference).json()["exchanges"]
    assert (exchange["state"], exchange["version"]) == ("cancelled", 2)
    late = _with_amendment(fresh(replaced, functional_reference_id=reference), reason)
    rules = {finding["rule"]: finding for finding in receipt_of(gateway, gateway.post(late)).findings}
    assert "cancelled" in rules["ACD-REF-06"]["text"]["en"]


def _with_amendment(message, reason):
    tree = message.model_dump(mode="json", exclude_defaults=True)
    tree["Declaration"]["Amendment"] = [reason]
    return type(message).model_validate(tree)


def test_a_cancellation_of_nothing_is_refused(gateway, declaration):
    response = gateway.post(_with_amendment(fresh(declaration, function_code="1", id="1"), {"ChangeReasonCode": "004"}))
    assert "ACD-REF-01" in {finding["rule"] for finding in receipt_of(gateway, response).findings}


def test_a_dry_run_finds_the_same_and_records_nothing(gateway, declaration):
    message = fresh(declaration, total_package_quantity=None)
    body = write_json(message)
    signature = sign_detached(body, gateway.key("CN"), purpose=Purpose.MESSAGE, signing_time=now())
    headers = {"Content-Type": "application/json", "JWS-Signature": signature, **gateway.token("CN")}
    tried = gateway.client.post("/v1/validations", content=body, headers=headers).json()
    posted = receipt_of(gateway, gateway.post_bytes(body, "application/json", {"JWS-Signature": signature}))
    assert tried["outcome"] == "refused"
    assert tried["findings"] == list(posted.findings)
    other = fresh(declaration)
    gateway.client.post("/v1/validations", content=write_json(other), headers=headers)
    assert gateway.get(f"/v1/messages/{other.communication_meta_data.id}", "CN").status_code == 404


def test_a_dry_run_of_an_unsigned_document_says_so_and_judges_it_all_the_same(gateway, declaration):
    headers = {"Content-Type": "application/xml", **gateway.token("KG")}
    tried = gateway.client.post("/v1/validations", content=write_xml(declaration), headers=headers).json()
    assert tried["signed"] is False
    assert tried["outcome"] == "accepted"
    assert "ACD-SIG-01" in {finding["rule"] for finding in tried["findings"]}


def test_a_dry_run_needs_a_token(gateway, declaration):
    assert gateway.client.post("/v1/validations", content=write_json(declaration)).status_code == 401


def test_message_ids_of_two_senders_do_not_meet(gateway, declaration):
    gateway.post(declaration)
    head = declaration.communication_meta_data
    swapped = {"id": head.id, "sender": type(head.sender)(id="KG"), "recipient": type(head.recipient)(id="CN")}
    response = gateway.post(fresh(declaration, head=swapped))
    assert response.status_code in (202, 422)
    assert receipt_of(gateway, response).sender == "KG"
    assert uuid.UUID(head.id)
