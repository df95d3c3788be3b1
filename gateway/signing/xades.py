"""XML signatures: XAdES-B-B, enveloped, in one closed profile.

`docs/signature-profile.md` writes the profile down for those who build the other side. Verification goes in this
order, and each step reads only what the steps before it have settled:

1. the document: nothing outside the root that inclusive canonicalisation would treat in its own way;
2. the shape: one Signature, last child of the root, made of nothing but the elements and attributes listed here;
3. the methods: signature, digest, canonicalisation and transforms from closed lists, the references exactly three;
4. the certificate: readable, and its key the kind that the signature method asks for;
5. the signature and the digests, by signxml;
6. the signer, by the trust store;
7. the result is parsed again from the canonical bytes that were digested: what is verified is what is used.

Source: ETSI EN 319 132-1 (XAdES baseline B-B); W3C XML Signature Syntax and Processing 1.1.
"""

from __future__ import annotations

import base64
import binascii
import logging
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from lxml import etree
from signxml.algorithms import (
    CanonicalizationMethod,
    DigestAlgorithm,
    SignatureConstructionMethod,
    SignatureMethod,
)
from signxml.exceptions import SignXMLException
from signxml.xades.xades import (
    XAdESDataObjectFormat,
    XAdESSignatureConfiguration,
    XAdESSigner,
    XAdESVerifier,
)

from gateway.errors import Misconfigured, UntrustedMessage
from gateway.reason import Reason
from gateway.signing.algorithm import Algorithm, require_fit
from gateway.signing.certificate import MOST_CERTIFICATES, chain_from_base64, fingerprint
from gateway.signing.keys import SigningKey
from gateway.signing.moment import moment_from_text, moment_to_text
from gateway.signing.trust import Signer, TrustStore

DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"

ENVELOPED = SignatureConstructionMethod.enveloped.value
C14N = CanonicalizationMethod.CANONICAL_XML_1_0
SIGNED_PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"

INCLUSIVE_C14N = frozenset({C14N.value, CanonicalizationMethod.CANONICAL_XML_1_1.value})
"""Both give the same bytes for a document whose root has no `xml:` attribute, and such a root is refused."""

XML_METHODS: Mapping[Algorithm, SignatureMethod] = {
    Algorithm.ES256: SignatureMethod.ECDSA_SHA256,
    Algorithm.ES384: SignatureMethod.ECDSA_SHA384,
    Algorithm.RS256: SignatureMethod.RSA_SHA256,
    Algorithm.PS256: SignatureMethod.SHA256_RSA_MGF1,
}
"""EdDSA has an identifier for XML (RFC 9231 section 2.3.12), but signxml does not know it: XML goes without."""

# At its debug level the library logs what it canonicalises, which is the whole declaration.
logging.getLogger("signxml").setLevel(logging.INFO)


@dataclass(frozen=True, slots=True)
class VerifiedXml:
    """A document whose signature was verified and whose signer is trusted. Only `verify_xml` makes it."""

    root: etree._Element
    """Parsed from the canonical bytes that the signature covers, without the Signature."""
    signer: Signer
    certificate_fingerprint: str
    """SHA-256 of the signer's certificate, lower-case hexadecimal."""
    algorithm: Algorithm
    signing_time: datetime
    """When the signer says that it signed; UTC."""


def sign_xml(document: bytes, key: SigningKey, signing_time: datetime) -> bytes:
    """Sign a document: XAdES-B-B, enveloped, the Signature the last child of the root.

    Args:
        document: A well-formed XML document without a signature and without a document type.
        key: The signer's key.
        signing_time: With an offset; written in UTC to the second.

    Returns:
        The signed document in UTF-8, with an XML declaration.

    Raises:
        Misconfigured: The key is one that XML signatures are not made with (EdDSA).
        ValueError: The document cannot be signed in this profile, or the time has no offset.
    """
    method = XML_METHODS.get(key.algorithm)
    if method is None:
        raise Misconfigured(f"XML signatures are not made with {key.algorithm}; use an ECDSA or RSA key.")
    root = _parsed_to_sign(document)
    signer = XAdESSigner(
        signature_algorithm=method,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=C14N,
        data_object_format=XAdESDataObjectFormat(Description="signed document", MimeType="application/xml"),
    )
    signer.signed_signature_properties_annotators = [
        _signing_time_annotator(moment_to_text(signing_time)),
        signer.add_signing_certificate,
    ]
    try:
        signed = signer.sign(
            root,
            key=key.private_key,  # type: ignore[arg-type]  # Ed25519 has no method above
            cert=list(key.chain),
            # Beside the certificate it would say the same thing twice, and could say it differently.
            always_add_key_value=False,
        )
    except etree.LxmlError as mistake:
        raise ValueError(f"The document cannot be signed: {mistake}") from mistake
    return etree.tostring(signed, encoding="UTF-8", xml_declaration=True)


def verify_xml(root: etree._Element, trust: TrustStore, *, at: datetime) -> VerifiedXml:
    """Verify the signature of a document, and judge its signer.

    Args:
        root: The document element, parsed with entities, document types and the network off.
        trust: Who is trusted.
        at: The moment to judge the signer for, with an offset.

    Raises:
        UntrustedMessage: The signature, the certificate or the signer is not what it must be.
        TrustUnknown: The signer cannot be judged now.
    """
    _require_plain_document(root)  # 1
    claimed = _read_claim(root)  # 2, 3, 4
    document = _verified_bytes(root, claimed)  # 5
    return VerifiedXml(
        signer=trust.signer(claimed.chain, at),  # 6
        root=etree.fromstring(document, parser=_parser()),  # 7
        certificate_fingerprint=fingerprint(claimed.chain[0]),
        algorithm=claimed.algorithm,
        signing_time=claimed.signing_time,
    )


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a signature of the right shape says about itself, not yet verified."""

    algorithm: Algorithm
    chain: tuple[x509.Certificate, ...]
    signing_time: datetime
    document_reference: int
    """Which of the three references covers the document."""


def _parsed_to_sign(document: bytes) -> etree._Element:
    try:
        root = etree.fromstring(document, parser=_parser())
        _require_plain_document(root)
    except (etree.XMLSyntaxError, UntrustedMessage) as mistake:
        raise ValueError(f"The document cannot be signed: {mistake}") from mistake
    if next(root.iter(f"{{{DS}}}Signature"), None) is not None:
        raise ValueError("The document cannot be signed: it has a signature already.")
    if any(name in root.attrib for name in ("Id", "ID", "id")):
        # signxml would refer to the root by that id, and the profile refers to the whole document.
        raise ValueError("The document cannot be signed: its root has an id attribute.")
    return root


def _signing_time_annotator(text: str) -> Any:
    def add_signing_time(properties: etree._Element, sig_root: Any, signing_settings: Any) -> None:  # noqa: ARG001
        etree.SubElement(properties, f"{{{XADES}}}SigningTime").text = text

    return add_signing_time


# 1 the document


def _require_plain_document(root: etree._Element) -> None:
    if root.getparent() is not None:
        raise _profile("only a whole document is verified")
    docinfo = root.getroottree().docinfo
    if docinfo.internalDTD is not None or docinfo.externalDTD is not None:
        raise _profile("a document type is not accepted")
    if _instructions_outside_root(root):
        # A comment there is never signed and never read. A processing instruction belongs to what URI="" means, yet
        # implementations that canonicalise the root element alone leave it out.
        raise _profile("processing instructions outside the root are not accepted")
    if any(name.startswith("{http://www.w3.org/XML/1998/namespace}") for name in root.attrib):
        # Inclusive canonicalisation hands xml: attributes down to the signature; implementations differ in it.
        raise _profile("xml: attributes on the root are not accepted")


_instructions_outside_root = etree.XPath("/processing-instruction()")


# 2 the shape


@dataclass(frozen=True, slots=True)
class _Shape:
    children: str
    """A regular expression over the children's names, each followed by a space."""
    attributes: frozenset[str] = frozenset()
    longest: int = 0
    """Characters of text; 0 means white space only."""


def _shape(children: str = "", attributes: str = "", longest: int = 0) -> _Shape:
    return _Shape(children, frozenset(attributes.split()), longest)


_SHAPES: Mapping[str, _Shape] = {
    f"{{{DS}}}Signature": _shape("SignedInfo SignatureValue KeyInfo Object ", "Id"),
    f"{{{DS}}}SignedInfo": _shape("CanonicalizationMethod SignatureMethod Reference Reference Reference "),
    f"{{{DS}}}CanonicalizationMethod": _shape(attributes="Algorithm"),
    f"{{{DS}}}SignatureMethod": _shape(attributes="Algorithm"),
    f"{{{DS}}}Reference": _shape("(Transforms )?DigestMethod DigestValue ", "Id Type URI"),
    f"{{{DS}}}Transforms": _shape("(Transform ){1,2}"),
    f"{{{DS}}}Transform": _shape(attributes="Algorithm"),
    f"{{{DS}}}DigestMethod": _shape(attributes="Algorithm"),
    f"{{{DS}}}DigestValue": _shape(longest=128),
    f"{{{DS}}}SignatureValue": _shape(attributes="Id", longest=2048),
    f"{{{DS}}}KeyInfo": _shape("X509Data ", "Id"),
    f"{{{DS}}}X509Data": _shape(f"(X509Certificate ){{1,{MOST_CERTIFICATES}}}"),
    f"{{{DS}}}X509Certificate": _shape(longest=16384),
    f"{{{DS}}}Object": _shape("QualifyingProperties "),
    f"{{{XADES}}}QualifyingProperties": _shape("SignedProperties ", "Target"),
    f"{{{XADES}}}SignedProperties": _shape("SignedSignatureProperties SignedDataObjectProperties ", "Id"),
    f"{{{XADES}}}SignedSignatureProperties": _shape("SigningTime SigningCertificateV2 "),
    f"{{{XADES}}}SigningTime": _shape(longest=64),
    f"{{{XADES}}}SigningCertificateV2": _shape(f"(Cert ){{1,{MOST_CERTIFICATES}}}"),
    f"{{{XADES}}}Cert": _shape("CertDigest (IssuerSerialV2 )?"),
    f"{{{XADES}}}CertDigest": _shape("DigestMethod DigestValue "),
    f"{{{XADES}}}IssuerSerialV2": _shape(longest=4096),
    f"{{{XADES}}}SignedDataObjectProperties": _shape("DataObjectFormat "),
    f"{{{XADES}}}DataObjectFormat": _shape("(Description )?MimeType (Encoding )?", "ObjectReference"),
    f"{{{XADES}}}Description": _shape(longest=256),
    f"{{{XADES}}}MimeType": _shape(longest=128),
    f"{{{XADES}}}Encoding": _shape(longest=128),
}
"""Every element that a Signature may have, with what it may contain. Nothing else is in the profile."""

_CHILDREN = {tag: re.compile(shape.children) for tag, shape in _SHAPES.items()}

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9._-]{0,127}")

_ids_within = etree.XPath("descendant-or-self::*/@*[local-name()='Id' or local-name()='ID' or local-name()='id']")


def _the_signature(root: etree._Element) -> etree._Element:
    signatures = list(root.iter(f"{{{DS}}}Signature"))
    if not signatures:
        raise UntrustedMessage(Reason.UNSIGNED, "The document has no signature.")
    if len(signatures) > 1:
        raise _profile("a document has exactly one signature")
    if len(root) == 0 or root[-1] is not signatures[0]:
        raise _profile("the signature is the last child of the root")
    return signatures[0]


def _require_shape(signature: etree._Element) -> None:
    for element in signature.iter():
        tag = element.tag
        if not isinstance(tag, str) or tag not in _SHAPES:  # a comment's tag is not a string
            raise _profile("the signature contains something that is not in the profile")
        shape, name = _SHAPES[tag], etree.QName(tag).localname
        if not _CHILDREN[tag].fullmatch("".join(f"{_local_name(child)} " for child in element)):
            raise _profile(f"the content of {name} is not as the profile has it")
        if surplus := set(element.attrib) - shape.attributes:
            raise _profile(f"{name} has attributes not in the profile: {', '.join(sorted(surplus))}")
        if shape.longest == 0 and (element.text or "").strip():
            raise _profile(f"{name} contains text")
        if len(element.text or "") > shape.longest and (element.text or "").strip():
            raise _profile(f"the text of {name} is too long")
        if element is not signature and (element.tail or "").strip():
            raise _profile(f"there is text after {name}")


def _local_name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else "?"


# 3 the methods, 4 the certificate


def _read_claim(root: etree._Element) -> _Claim:
    signature = _the_signature(root)
    _require_shape(signature)
    info, value, key_info, holder = signature
    c14n, method, *references = info
    if c14n.get("Algorithm") not in INCLUSIVE_C14N:
        raise _profile("canonicalisation is inclusive, without comments")
    for digest in signature.iter(f"{{{DS}}}DigestMethod"):
        if digest.get("Algorithm") != DigestAlgorithm.SHA256.value:
            raise _profile("digests are SHA-256")
    for encoded in (value, *signature.iter(f"{{{DS}}}DigestValue")):
        _require_base64(encoded)
    properties = holder[0][0]
    document_reference = _require_references(references, signature, key_info, properties)
    _require_unambiguous_ids(root)
    algorithm = _algorithm(method.get("Algorithm"))
    chain = chain_from_base64([element.text or "" for element in key_info[0]])
    require_fit(algorithm, chain[0].public_key())
    return _Claim(algorithm, chain, _signing_time(properties[0][0]), document_reference)


def _require_base64(element: etree._Element) -> None:
    # signxml skips what is not base64; here one value has one spelling, apart from line breaks.
    digits = "".join((element.text or "").split())
    try:
        decoded = base64.b64decode(digits, validate=True)
    except (binascii.Error, ValueError) as mistake:
        raise _profile(f"{etree.QName(element).localname} is not base64") from mistake
    if not decoded or base64.b64encode(decoded).decode() != digits:
        raise _profile(f"{etree.QName(element).localname} is not base64 as RFC 4648 section 3.5 asks")


def _require_references(
    references: list[etree._Element],
    signature: etree._Element,
    key_info: etree._Element,
    properties: etree._Element,
) -> int:
    """Check the three references and return the index of the one to the document."""
    own, key_info_id, properties_id = (element.get("Id", "") for element in (signature, key_info, properties))
    if not all(_ID.fullmatch(name) for name in (own, key_info_id, properties_id)):
        raise _profile("Signature, KeyInfo and SignedProperties have an Id of letters, digits, '.', '-' and '_'")
    if properties.getparent().get("Target") != f"#{own}":  # type: ignore[union-attr]
        raise _profile("QualifyingProperties is about this signature")
    by_uri = {reference.get("URI"): reference for reference in references}
    if by_uri.keys() != {"", f"#{key_info_id}", f"#{properties_id}"}:
        raise _profile("the references are to the document, to SignedProperties and to KeyInfo")
    document = by_uri[""]
    if document.get("Type") is not None or _transforms(document)[:1] != [ENVELOPED]:
        raise _profile("the document is referred to through the enveloped-signature transform")
    if any(method not in INCLUSIVE_C14N for method in _transforms(document)[1:]):
        raise _profile("the document is canonicalised inclusively, without comments")
    if by_uri[f"#{properties_id}"].get("Type") != SIGNED_PROPERTIES:
        raise _profile(f"the reference to SignedProperties has the type {SIGNED_PROPERTIES}")
    for part in (by_uri[f"#{properties_id}"], by_uri[f"#{key_info_id}"]):
        if len(_transforms(part)) > 1 or any(method not in INCLUSIVE_C14N for method in _transforms(part)):
            raise _profile("parts of the signature have no transform but inclusive canonicalisation")
    about = properties[1][0].get("ObjectReference")
    if not _ID.fullmatch(document.get("Id", "")) or about != f"#{document.get('Id')}":
        raise _profile("DataObjectFormat is about the reference to the document")
    return references.index(document)


def _transforms(reference: etree._Element) -> list[str | None]:
    return [transform.get("Algorithm") for transform in reference.iter(f"{{{DS}}}Transform")]


def _require_unambiguous_ids(root: etree._Element) -> None:
    # Compared over the whole document and over every spelling that some implementation takes for an id.
    names: Counter[str] = Counter(_ids_within(root))
    if any(names[name] > 1 for name in _ids_within(root[-1])):
        raise _profile("an id of the signature stands twice in the document")


def _algorithm(method: str | None) -> Algorithm:
    for algorithm, known in XML_METHODS.items():
        if known.value == method:
            return algorithm
    raise UntrustedMessage(Reason.ALGORITHM_REFUSED, "The signature method is not accepted.")


def _signing_time(element: etree._Element) -> datetime:
    moment = moment_from_text(element.text or "")
    if moment is None:
        raise _profile("SigningTime is a date and time with an offset")
    return moment.astimezone(UTC)


# 5 the signature


def _verified_bytes(root: etree._Element, claimed: _Claim) -> bytes:
    """Return the canonical bytes of the document that the signature covers."""
    config = XAdESSignatureConfiguration(
        location="./",
        expect_references=3,
        signature_methods=frozenset({XML_METHODS[claimed.algorithm]}),
        digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
        default_reference_c14n_method=C14N,
        # Dates are for the trust store to judge, which says in which way they are wrong.
        verification_time=claimed.chain[0].not_valid_before_utc,
    )
    try:
        results = XAdESVerifier().verify(
            root,
            x509_cert=claimed.chain[0],
            expect_config=config,
            validate_schema=False,  # the shape has been checked, more closely than the schema does
        )
    except (SignXMLException, etree.LxmlError, ValueError) as failure:
        raise UntrustedMessage(Reason.SIGNATURE_INVALID, "The signature is not valid for this document.") from failure
    return results[claimed.document_reference].signed_data


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )


def _profile(why: str) -> UntrustedMessage:
    return UntrustedMessage(Reason.PROFILE, f"The signature does not follow the profile: {why}.")
