"""Why a signature, a certificate or a token is not trusted: stable words for machines, sentences for people.

The words are part of the public contract: they appear in receipts and problem documents and are never reused for
something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class Reason(StrEnum):
    """Why trust was refused, or could not be judged."""

    UNSIGNED = "unsigned"
    PROFILE = "outside-signature-profile"
    ALGORITHM_REFUSED = "algorithm-refused"
    SIGNATURE_INVALID = "signature-invalid"
    WRONG_PURPOSE = "wrong-purpose"
    CERTIFICATE_UNREADABLE = "certificate-unreadable"
    WEAK_KEY = "weak-key"
    KEY_USAGE = "key-usage"
    NOT_YET_VALID = "not-yet-valid"
    EXPIRED = "expired"
    UNKNOWN_ISSUER = "unknown-issuer"
    UNKNOWN_PARTICIPANT = "unknown-participant"
    REVOKED = "revoked"
    TOKEN_INVALID = "token-invalid"  # noqa: S105 - a word, not a secret
    TOKEN_EXPIRED = "token-expired"  # noqa: S105
    TOKEN_TOO_LONG_LIVED = "token-too-long-lived"  # noqa: S105
    WRONG_AUDIENCE = "wrong-audience"

    REVOCATION_UNKNOWN = "revocation-unknown"
    """Cannot be judged now: `TrustUnknown`, not a refusal."""
    SUSPENDED = "suspended"
    """Cannot be judged now: `TrustUnknown`, not a refusal."""


class Text(NamedTuple):
    """One sentence in the three languages of the gateway."""

    en: str
    ru: str
    zh: str


REASON_TEXTS: Mapping[Reason, Text] = MappingProxyType(
    {
        Reason.UNSIGNED: Text(
            "The message carries no signature.",
            "Сообщение не подписано.",
            "报文未签名。",
        ),
        Reason.PROFILE: Text(
            "The signature does not follow the signature profile of the exchange.",
            "Подпись не соответствует профилю подписи, установленному для обмена.",
            "签名不符合数据交换规定的签名规范。",
        ),
        Reason.ALGORITHM_REFUSED: Text(
            "The signature algorithm is not accepted or does not match the key of the certificate.",
            "Алгоритм подписи не допускается или не соответствует ключу сертификата.",
            "签名算法不被接受，或与证书密钥不符。",
        ),
        Reason.SIGNATURE_INVALID: Text(
            "The signature is not valid: the content was altered or was signed with another key.",
            "Подпись недействительна: содержание изменено либо подписано другим ключом.",
            "签名无效：内容已被更改，或由其他密钥签署。",
        ),
        Reason.WRONG_PURPOSE: Text(
            "The signature was made for another purpose.",
            "Подпись создана для другой цели.",
            "该签名用于其他用途。",
        ),
        Reason.CERTIFICATE_UNREADABLE: Text(
            "The signer's certificate cannot be read.",
            "Сертификат подписавшего не читается.",
            "无法读取签名人证书。",
        ),
        Reason.WEAK_KEY: Text(
            "The key of the certificate is of a kind or a size that is not accepted.",
            "Вид или длина ключа сертификата не допускается.",
            "证书密钥的类型或长度不被接受。",
        ),
        Reason.KEY_USAGE: Text(
            "The certificate may not be used for signing.",
            "Сертификат не предназначен для подписания.",
            "该证书不得用于签名。",
        ),
        Reason.NOT_YET_VALID: Text(
            "The certificate is not yet valid.",
            "Срок действия сертификата ещё не начался.",
            "证书尚未生效。",
        ),
        Reason.EXPIRED: Text(
            "The certificate has expired.",
            "Срок действия сертификата истёк.",
            "证书已过期。",
        ),
        Reason.UNKNOWN_ISSUER: Text(
            "The certificate was not issued by a recognised certification authority.",
            "Сертификат выдан непризнанным удостоверяющим центром.",
            "证书并非由认可的证书颁发机构签发。",
        ),
        Reason.UNKNOWN_PARTICIPANT: Text(
            "The certificate is not registered for any participant of the exchange.",
            "Сертификат не зарегистрирован ни за одним участником обмена.",
            "该证书未登记于任何数据交换参与方名下。",
        ),
        Reason.REVOKED: Text(
            "The certificate has been revoked.",
            "Сертификат отозван.",
            "证书已被吊销。",
        ),
        Reason.TOKEN_INVALID: Text(
            "The access token is not valid.",
            "Маркер доступа недействителен.",
            "访问令牌无效。",
        ),
        Reason.TOKEN_EXPIRED: Text(
            "The access token is outside its period of validity.",
            "Маркер доступа предъявлен вне срока его действия.",
            "访问令牌不在有效期内。",
        ),
        Reason.TOKEN_TOO_LONG_LIVED: Text(
            "The access token was made for longer than is allowed.",
            "Срок действия маркера доступа превышает допустимый.",
            "访问令牌的有效期超过允许的时限。",
        ),
        Reason.WRONG_AUDIENCE: Text(
            "The access token was made for another recipient.",
            "Маркер доступа предназначен другому получателю.",
            "访问令牌的接收方不符。",
        ),
        Reason.REVOCATION_UNKNOWN: Text(
            "It cannot be established now whether the certificate has been revoked.",
            "В настоящее время невозможно установить, не отозван ли сертификат.",
            "目前无法确认证书是否已被吊销。",
        ),
        Reason.SUSPENDED: Text(
            "The participant is suspended from the exchange.",
            "Участие в обмене приостановлено.",
            "该参与方已被暂停参与数据交换。",
        ),
    }
)
"""What each reason means, for people."""


def reason_text(reason: str, language: str) -> str:
    """The sentence of a reason in `en`, `ru` or `zh`, without its full stop; what is no reason stays what it is."""
    if reason not in set(Reason):
        return reason
    text: str = getattr(REASON_TEXTS[Reason(reason)], language)
    return text.rstrip(".。")
