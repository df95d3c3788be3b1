"""What partners say to a gateway over HTTP, and the adapters that take what it delivers."""

import uuid
from datetime import timedelta

from exchange.life_bench import document
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from builders import messages
from builders.serving import now
from gateway.message.canonical import bytes_digest, content_digest
from gateway.message.receipt import Outcome, Receipt
from gateway.message.xml_twin import write_xml
from gateway.opening import Received, verify
from gateway.signing import Purpose, issue_token, load_trust, sign_detached, sign_xml


class Window:
    """An adapter of one country: takes what is delivered, or refuses it for good when told. State: what it has seen."""

    def __init__(self, name):
        self.name, self.seen, self.refusing, self.running = name, [], False, None
        self.says = {"detail": "the form has no place for it"}
        self.app = Starlette(routes=[Route("/deliveries", self._take, methods=["POST"])])

    async def _take(self, request):
        body, media_type = await request.body(), request.headers["content-type"]
        received = Received(body, media_type, request.headers.get("jws-signature", ""))
        verified = verify(received, load_trust(self.running.gateway.workshop.trust), self.running())
        self.seen.append(verified)
        receipt = Receipt(
            outcome=Outcome.REFUSED if self.refusing else Outcome.DELIVERED,
            receipt_id=str(uuid.uuid4()),
            issued_at=self.running().replace(microsecond=0),
            issuer=self.name,
            content_digest=content_digest(verified.message),
            message_digest=bytes_digest(body),
            **(self.says if self.refusing else {}),
        )
        text = receipt.to_bytes()
        key = self.running.gateway.key(self.name)
        jws = sign_detached(text, key, purpose=Purpose.RECEIPT, signing_time=self.running())
        return Response(text, headers={"JWS-Signature": jws})

    def notices(self):
        """Events that the gateway itself has signed, by kind."""
        return [one.message.border_event for one in self.seen if one.signer == "GATEWAY"]


class Talk:
    """What partners say to a gateway. State: its clock, and the reference that is talked about."""

    def __init__(self):
        self.ahead, self.gateway, self.number = timedelta(0), None, "9403202611230001"
        self.windows = {"CN": Window("CN"), "KG": Window("KG")}
        for window in self.windows.values():
            window.running = self

    def __call__(self):
        return now() + self.ahead

    def post(self, message):
        key = self.gateway.key(message.communication_meta_data.sender.id)
        return self.gateway.post_bytes(sign_xml(write_xml(message), key, self()), "application/xml").json()

    def declare(self, code="9", *, sender="CN", recipient="KG", hours=12, minutes=0, **more):
        said = {"kind": "declaration", "code": code, "sender": sender, "recipient": recipient, "arrival": hours * 60}
        at = self() + timedelta(minutes=minutes)
        made = document({**said, "id": str(uuid.uuid4()), "number": self.number}, at, at)
        return self.post(messages.changed(made, more))

    def answer(self, code="44", *, number=None, follows="", sender="KG", recipient="CN", minutes=0, **more):
        said = {"kind": "response", "code": code, "sender": sender, "recipient": recipient, "follows": follows}
        number = self.number if number is None else number
        at = self() + timedelta(minutes=minutes)
        return self.post(messages.changed(document({**said, "id": str(uuid.uuid4()), "number": number}, at, at), more))

    def tell(self, code, *, sender="KG", recipient="CN", discrepant=False, conclusion="", minutes=0, **more):
        said = {"kind": "event", "code": code, "sender": sender, "recipient": recipient, "discrepant": discrepant}
        said |= {"id": str(uuid.uuid4()), "number": self.number, "conclusion": conclusion}
        at = self() + timedelta(minutes=minutes)
        return self.post(messages.changed(document(said, at, at), more))

    def get(self, path, reader="KG", **query):
        return self.gateway.client.get(path, params=query, headers=self.token(reader))

    def token(self, reader):
        token = issue_token(self.gateway.key(reader), participant=reader, audience="GATEWAY", at=self())
        return {"Authorization": f"Bearer {token}"}

    def exchange(self, reader="KG"):
        (found,) = self.get("/v1/exchanges", reader, reference=self.number).json()["exchanges"]
        return found

    def state(self):
        return self.exchange()["state"]

    def final(self, receipt):
        return self.get(f"/v1/messages/{receipt['messageId']}/receipt", receipt["sender"]).json()


def rules(receipt):
    return {finding["rule"] for finding in receipt["findings"]}
