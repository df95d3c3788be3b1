"""What a window knows and decides, without any port: the state machine on its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from stdnum import iso6346

from mock_nsw import cn, kg
from mock_nsw.documents import Unreadable
from mock_nsw.issuing import Issuer
from mock_nsw.national import Decision
from mock_nsw.simulator import Direction, NotFound, Simulator

XML = "application/xml; charset=utf-8"


@pytest.fixture
def china() -> Simulator:
    return Simulator(cn.NSW, Issuer())


@pytest.fixture
def kyrgyzstan() -> Simulator:
    return Simulator(kg.NSW, Issuer())


def receive(simulator, document):
    return simulator.receive([document], document, XML)


def test_after_a_refusal_the_corrected_documents_go_out_in_a_new_hand_over(china):
    issuer = Issuer()
    wrong = china.lodge(cn.NSW.samples["four-faults"].make(issuer))
    first = china.pass_gate(wrong[0].reference)
    china.answered(first, 422, "faults")
    batch = wrong[0].reference.encode()
    right = [
        document.replace(cn.NSW.read(document).reference.encode(), batch)
        for document in cn.NSW.samples["single-consignment"].make(issuer)
    ]

    china.lodge(right)
    second = china.pass_gate(wrong[0].reference)

    assert second.id != first.id
    assert [document.content for document in second.documents] == right
    assert [record.state for record in wrong] == ["refused", "refused"]


def test_what_was_decided_is_not_undone_by_passing_the_gate_again(kyrgyzstan):
    [lodged] = kyrgyzstan.lodge_sample("two-consignments")
    kyrgyzstan.pass_gate(lodged.reference)
    lodged.state = Decision.RELEASE.value

    kyrgyzstan.pass_gate(lodged.reference)

    assert lodged.state == "release"


def test_nothing_is_stored_when_one_of_several_documents_cannot_be_read(china, import_manifest):
    with pytest.raises(Unreadable):
        china.receive([import_manifest("MT1401"), b"<broken"], b"", "application/zip")

    assert list(china.records()) == []


def test_the_same_document_twice_in_one_hand_over_is_not_taken(china, import_manifest):
    with pytest.raises(Unreadable):
        china.receive([import_manifest(), import_manifest()], b"", "application/zip")


def test_a_confirmation_that_follows_its_manifest_does_not_ask_for_another_decision(china, import_manifest):
    assert receive(china, import_manifest("MT1401")).reaction is not None

    both = [import_manifest("MT1401"), import_manifest("MT4401")]
    later = china.receive(both, b"zip", "application/zip")

    assert later.reaction is None
    assert later.record.reference == "9403000000001"
    assert len(china.under("9403000000001", Direction.RECEIVED)) == 2


def test_a_changed_manifest_under_the_same_batch_is_decided_anew(china, import_manifest):
    receive(china, import_manifest(at="20261123120000001"))
    changed = receive(china, import_manifest(at="20261123130000001"))

    assert changed.reaction is not None
    sent = china.decide("9403000000001", Decision.REVIEW)
    assert "20261123130000001" in sent.body.decode()


def test_preliminary_information_that_refers_to_a_number_is_filed_under_that_number(kyrgyzstan, auto_preliminary):
    first = receive(kyrgyzstan, auto_preliminary())
    country, year, month, day, number = first.record.reference.split("-")
    again = auto_preliminary("00000000-0000-4000-8000-000000000003", number="000000778", source="other").replace(
        b"<!--",
        (
            f"<a:RefRegNumber><p:CountryCode>{country}</p:CountryCode><p:Date>{year}-{month}-{day}</p:Date>"
            f"<p:PINumber>{number}</p:PINumber></a:RefRegNumber><!--"
        ).encode(),
    )

    assert receive(kyrgyzstan, again).record.reference == first.record.reference


def test_a_later_version_with_the_same_reference_of_the_sender_is_filed_with_the_first(kyrgyzstan, auto_preliminary):
    first = receive(kyrgyzstan, auto_preliminary())
    later = receive(kyrgyzstan, auto_preliminary("00000000-0000-4000-8000-000000000004", number="000000779"))

    assert later.record.reference == first.record.reference
    assert later.record.id != first.record.id


def test_every_declaration_gets_a_registration_number_of_its_own(kyrgyzstan, auto_preliminary):
    references = {
        receive(
            kyrgyzstan, auto_preliminary(f"00000000-0000-4000-8000-{n:012}", f"{n:09}", f"{n:013}")
        ).record.reference
        for n in range(100)
    }
    assert len(references) == 100


def test_what_was_only_lodged_cannot_be_decided_here(kyrgyzstan):
    [lodged] = kyrgyzstan.lodge_sample("two-consignments")
    with pytest.raises(NotFound):
        kyrgyzstan.decide(lodged.reference, Decision.ACCEPT)


def test_an_answer_about_something_unknown_is_kept_under_its_own_reference(china):
    other = Simulator(cn.NSW, Issuer())
    manifest = (
        b'<Manifest xmlns="urn:Declaration:datamodel:standard:CN:MT1401:1"><Head>'
        b"<MessageID>CN_MT1401_1p0_9403GATEWAY01_20261123120000009</MessageID><MessageType>MT1401</MessageType>"
        b"</Head><Declaration><ID>9403000000077</ID></Declaration></Manifest>"
    )
    receive(other, manifest)

    heard = receive(china, other.decide("9403000000077", Decision.REJECT).body)

    assert (heard.record.reference, heard.record.state) == ("9403000000077", "reject")


@pytest.mark.parametrize(
    ("nsw", "document"),
    [
        (cn.NSW, b'<Manifest xmlns="urn:Declaration:datamodel:standard:CN:MT1101:1"/>'),
        (cn.NSW, b'<Manifest xmlns="urn:Declaration:datamodel:standard:CN:MT1401:1"><Head/></Manifest>'),
        (kg.NSW, b'<AutoPreliminary xmlns="urn:customs.ru:Information:CustomsDocuments:AutoPreliminary:5.23.0"/>'),
        (kg.NSW, b'<ResultNotice xmlns="urn:torugart:plausible:kg:ResultNotice:1"/>'),
        (
            kg.NSW,
            b'<ExportPreliminary xmlns="urn:torugart:plausible:kg:ExportPreliminary:1">'
            b'<c:DocumentID xmlns:c="urn:customs.ru:CommonAggregateTypes:5.22.0">x</c:DocumentID></ExportPreliminary>',
        ),
    ],
)
def test_a_document_without_what_tells_it_apart_is_unreadable(nsw, document):
    with pytest.raises(Unreadable):
        nsw.read(document)


def test_a_type_that_contradicts_its_namespace_is_unreadable(import_manifest):
    contradictory = import_manifest("MT1401").replace(b"<MessageType>MT1401", b"<MessageType>MT2401")
    with pytest.raises(Unreadable):
        cn.NSW.read(contradictory)


def test_moments_rise_even_when_the_clock_stands_still():
    issuer = Issuer(lambda: datetime(2026, 11, 23, tzinfo=UTC))
    moments = [issuer.moment() for _ in range(5)]
    assert moments == sorted(set(moments))
    assert moments[-1].microsecond == 4000


def test_a_clock_that_was_ahead_for_a_while_is_followed_back():
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    ahead = timedelta(days=4)
    clock = iter([noon, noon + ahead, noon + timedelta(seconds=1), noon + timedelta(seconds=1)])
    issuer = Issuer(lambda: next(clock))
    moments = [issuer.moment() - noon for _ in range(4)]
    assert moments == [timedelta(), ahead, timedelta(seconds=1), timedelta(seconds=1, milliseconds=1)]


@pytest.mark.parametrize("seed", range(50))
def test_container_numbers_have_their_check_digit(seed):
    assert iso6346.is_valid(Issuer(seed=seed).container_number("TRG"))
