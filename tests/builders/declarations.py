"""Declarations as new ones: ids, references, waybills and times of now, and one change at a time."""

import uuid
from datetime import UTC, datetime, timedelta


def fresh(message, **changes):
    """The same declaration as a new one, made now: ids, reference, waybills and times; and no test, as examples are."""
    now = datetime.now(UTC).replace(microsecond=0)
    number = uuid.uuid4().hex[:20]
    head = message.communication_meta_data.model_copy(
        update={
            "id": str(uuid.uuid4()),
            "preparation_date_time": now,
            "test_indicator": None,
            **changes.pop("head", {}),
        }
    )
    means = message.declaration.border_transport_means.model_copy(
        update={"arrival_date_time": now + timedelta(hours=20), "departure_date_time": None}
    )
    content = message.declaration.model_copy(
        update={
            "functional_reference_id": number,
            "issue_date_time": now,
            "border_transport_means": means,
            "consignment": tuple(_under(one, number) for one in message.declaration.consignment),
            **changes,
        }
    )
    return message.model_copy(update={"communication_meta_data": head, "declaration": content})


def _under(consignment, number):
    """The consignment under a waybill of its own: one that stands in another open declaration would be refused."""
    document = consignment.transport_contract_document.model_copy(
        update={"id": f"{number}-{consignment.sequence_numeric}"}
    )
    return consignment.model_copy(update={"transport_contract_document": document})
