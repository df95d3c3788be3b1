"""ACD-TIM-03: a declaration that came long after the departure it announces is told so, and refused nothing."""

import uuid
from datetime import timedelta

from builders.declarations import fresh
from builders.serving import now, running_gateway
from gateway.message.examples import examples


def following(example, declaration, **event):
    """An example message about a declaration, made now."""
    message = examples(example[0])[example[1]]
    tree = message.model_dump(mode="json", exclude_defaults=True)
    moment = now().replace(microsecond=0)
    tree["CommunicationMetaData"] |= {"ID": str(uuid.uuid4()), "PreparationDateTime": moment.isoformat()}
    content = tree[message.document]
    content["IssueDateTime"] = moment.isoformat()
    content["FunctionalReferenceID"] = uuid.uuid4().hex[:20]
    content["Declaration"]["FunctionalReferenceID"] = declaration.declaration.functional_reference_id
    content |= event
    return type(message).model_validate(tree)


def test_a_departure_hours_before_its_declaration_is_told(tmp_path):
    with running_gateway(tmp_path) as gateway:
        declaration = fresh(examples("declaration")["road"])
        gateway.post(declaration)
        accepted = gateway.post(following(("response", "accepted"), declaration))
        assert accepted.json()["state"] == "accepted"
        left = (now() - timedelta(hours=6)).replace(microsecond=0).isoformat()
        answer = gateway.post(following(("border_event", "departure"), declaration, EventDateTime=left)).json()
        assert answer["state"] == "departed"
        assert "ACD-TIM-03" in {finding["rule"] for finding in answer["findings"]}
