"""What the gateway could not do.

What is wrong with a message is a `Finding`, which is data. What stopped the gateway is one of these:

    GatewayError
    ├── UntrustedMessage      the signature, the certificate or the signer is not what it must be
    ├── TrustUnknown          trust cannot be judged now (revocation unknown, participant suspended)
    ├── MessageConflict       this message id is already known with other content
    ├── NotPermitted          no agreement in force allows it
    ├── Unknown               no such thing, or none the asker may see
    ├── Unreadable            the bytes are not a document that can be read at all
    ├── Overloaded            more than the gateway takes now
    ├── DeliveryFailed        a participant could not be reached or did not answer as agreed
    └── Misconfigured         settings, keys or agreements do not fit together

Anything else that is raised is a bug.
"""

from __future__ import annotations


class GatewayError(Exception):
    """The gateway could not do it."""

    code = "gateway-error"
    retryable = False

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or (type(self).__doc__ or "").strip())

    @property
    def detail(self) -> str:
        """One sentence for the person who has to mend it; never a secret, never the payload."""
        return str(self.args[0])


class UntrustedMessage(GatewayError):
    """The signature, the certificate or the signer is not what it must be."""

    code = "untrusted-message"

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        """A stable word from `gateway.reason.Reason`, for machines."""


class TrustUnknown(GatewayError):
    """Trust cannot be judged now."""

    code = "trust-unknown"
    retryable = True

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        """A stable word from `gateway.reason.Reason`, for machines."""


class MessageConflict(GatewayError):
    """This message id is already known with other content."""

    code = "message-conflict"


class NotPermitted(GatewayError):
    """No agreement in force allows it."""

    code = "not-permitted"


class Unknown(GatewayError):
    """There is no such thing, or none that you may see."""

    code = "unknown"


class Unreadable(GatewayError):
    """The bytes are not a document that can be read."""

    code = "unreadable"

    def __init__(
        self, detail: str, *, rule: str, seen: str = "", line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(detail)
        self.rule = rule
        self.seen = seen
        """What the document holds there, or its parser says; the text of the rule says the rest."""
        self.line = line
        self.column = column


class Overloaded(GatewayError):
    """More than the gateway takes now."""

    code = "overloaded"
    retryable = True


class DeliveryFailed(GatewayError):
    """A participant could not be reached or did not answer as agreed."""

    code = "delivery-failed"
    retryable = True


class Misconfigured(GatewayError):
    """Settings, keys or agreements do not fit together."""

    code = "misconfigured"
