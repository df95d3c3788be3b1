"""What was found at the border is told in a receipt that has an end."""

from exchange.talk import rules

from gateway.message.tree import MOST_FINDINGS


def test_of_very_many_differences_as_many_are_told_as_of_faults_and_they_refuse_nothing(talk):
    talk.declare()
    talk.answer("44")
    talk.tell("ARR")
    talk.tell("CTL", conclusion="REL")
    nowhere_declared = [
        {"SequenceNumeric": number, "TransportContractDocument": {"ID": f"W{number}", "TypeCode": "730"}}
        for number in range(1, 901)
    ]
    receipt = talk.tell("IMP", **{"/BorderEvent/Consignment": nowhere_declared})
    assert (receipt["outcome"], receipt["state"]) == ("accepted", "discrepant")
    assert {"ACD-DIS-03", "ACD-STR-99"} <= rules(receipt)
    assert sum(finding["rule"] == "ACD-DIS-03" for finding in receipt["findings"]) <= MOST_FINDINGS
