"""Messages that follow a declaration: an example response or event, made now and about it."""

import uuid

from builders.serving import now
from gateway.message.examples import examples


def following(example, declaration, **event):
    """An example message about a declaration, made now."""
    message = examples(example[0])[example[1]]
    tree = message.model_dump(mode="json", exclude_defaults=True)
    moment = now().replace(microsecond=0)
    head = declaration.communication_meta_data
    tree["CommunicationMetaData"] |= {"ID": str(uuid.uuid4()), "PreparationDateTime": moment.isoformat()}
    tree["CommunicationMetaData"] |= {"TestIndicator": head.test_indicator, "ConversationReferenceID": head.id}
    content = tree[message.document]
    content["IssueDateTime"] = moment.isoformat()
    content["FunctionalReferenceID"] = uuid.uuid4().hex[:20]
    content["Declaration"]["FunctionalReferenceID"] = declaration.declaration.functional_reference_id
    if "EventDateTime" in content:
        content["EventDateTime"] = moment.isoformat()
    for told, declared in zip(content.get("Consignment", ()), declaration.declaration.consignment, strict=False):
        if "TransportContractDocument" in told:
            told["TransportContractDocument"]["ID"] = declared.transport_contract_document.id
    content |= event
    return type(message).model_validate(tree)
