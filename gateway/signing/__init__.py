"""Can it be trusted: signatures made and verified, and who is trusted to make them.

The only package that imports cryptography and the signature libraries. It knows bytes, XML elements, keys and
participants; it does not know what a declaration is. A verification returns what was verified, or raises
`UntrustedMessage` with a `Reason`, or `TrustUnknown` when it cannot be judged now; it never returns a boolean.
"""

from gateway.reason import Reason
from gateway.signing.algorithm import Algorithm
from gateway.signing.jws import Purpose, VerifiedBytes, sign_detached, verify_detached
from gateway.signing.keys import SigningKey, load_signing_key
from gateway.signing.reading import Reader, issue_token, verify_token
from gateway.signing.trust import Participant, Registration, Role, Signer, Status, TrustStore, load_trust
from gateway.signing.workshop import MintedKey, Workshop, mint_key, mint_workshop, publish_revocations
from gateway.signing.xades import VerifiedXml, sign_xml, verify_xml

__all__ = [
    "Algorithm",
    "MintedKey",
    "Participant",
    "Purpose",
    "Reader",
    "Reason",
    "Registration",
    "Role",
    "Signer",
    "SigningKey",
    "Status",
    "TrustStore",
    "VerifiedBytes",
    "VerifiedXml",
    "Workshop",
    "issue_token",
    "load_signing_key",
    "load_trust",
    "mint_key",
    "mint_workshop",
    "publish_revocations",
    "sign_detached",
    "sign_xml",
    "verify_detached",
    "verify_token",
    "verify_xml",
]
