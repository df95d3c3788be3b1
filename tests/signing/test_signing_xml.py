"""XML signatures: what is signed verifies, what was changed does not, and nothing but the verified is read."""

from __future__ import annotations

import base64
import copy
import hashlib
import re
from datetime import datetime

import pytest
import xmlsec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from signxml import CanonicalizationMethod, SignatureConstructionMethod, XMLSigner
from signxml.xades.xades import XAdESSigner

from gateway.errors import GatewayError, Misconfigured, UntrustedMessage
from gateway.signing import Algorithm, Reason, sign_xml, verify_xml
from gateway.signing.xades import DS, XADES, XML_METHODS

DOCUMENT = (
    '<MetaData xmlns="urn:example:form:1"><Declaration>'
    "<GrossMassMeasure unitCode='KGM'>22140.000</GrossMassMeasure><Description>苹果</Description>"
    "</Declaration></MetaData>"
)
FORM = "{urn:example:form:1}"

SCRIPTS = {
    "Chinese": "吐尔尕特口岸 集装箱",
    "Kyrgyz": "Торугарт өткөрмө жайы, жүк ташуучу унаа үчүн Ң",
    "Georgian": "საბაჟო დეკლარაცია",
    "Persian": "اظهارنامهٔ گمرکی ۱۲۳",
    "supplementary planes": "𠮷野家 𝔄 🚛",
    "white space and markup": 'a < b & c > "d" \' tab\there\nnew line\rreturn',
}


def parse(document):
    return etree.fromstring(document, parser=etree.XMLParser(resolve_entities=False, no_network=True))


def signed(world, document=DOCUMENT, algorithm=Algorithm.ES256):
    return sign_xml(document.encode(), world.keys[algorithm], world.at)


def verify(world, document):
    return verify_xml(parse(document) if isinstance(document, bytes) else document, world.trust, at=world.at)


def refusal(world, document):
    with pytest.raises(UntrustedMessage) as refused:
        verify(world, document)
    return refused.value.reason


def canonical(element):
    return etree.tostring(element, method="c14n")


@pytest.mark.parametrize("algorithm", sorted(XML_METHODS))
def test_a_signed_document_verifies_and_names_its_signer(world, algorithm):
    verified = verify(world, signed(world, algorithm=algorithm))
    assert verified.signer.participant == "KG"
    assert verified.signer.role == "nsw"
    assert verified.algorithm == algorithm
    assert verified.signing_time == world.at
    assert verified.certificate_fingerprint == world.keys[algorithm].key_id


def test_the_verified_root_is_the_document_without_its_signature(world):
    verified = verify(world, signed(world))
    assert canonical(verified.root) == canonical(parse(DOCUMENT))


def test_a_signed_document_is_utf_8_with_a_declaration_and_the_signature_last(world):
    document = signed(world)
    assert document.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    assert "苹果".encode() in document
    assert parse(document)[-1].tag == f"{{{DS}}}Signature"


def test_a_signature_has_what_xades_b_b_asks_for(world):
    signature = parse(signed(world))[-1]
    properties = signature.find(f".//{{{XADES}}}SignedProperties")
    assert properties.findtext(f".//{{{XADES}}}SigningTime") == "2026-11-01T08:30:00Z"
    assert properties.find(f".//{{{XADES}}}SigningCertificateV2") is not None
    assert properties.find(f".//{{{XADES}}}SigningCertificate") is None
    assert properties.findtext(f".//{{{XADES}}}DataObjectFormat/{{{XADES}}}MimeType") == "application/xml"
    assert {r.get("URI") for r in signature.iter(f"{{{DS}}}Reference")} == {
        "",
        f"#{properties.get('Id')}",
        f"#{signature.find(f'{{{DS}}}KeyInfo').get('Id')}",
    }


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_text_in_any_script_survives_signing_and_verifying(world, text):
    root = etree.Element(f"{FORM}MetaData")
    etree.SubElement(root, f"{FORM}Name", attrib={"note": text}).text = text
    verified = verify(world, sign_xml(etree.tostring(root, encoding="UTF-8"), world.key, world.at))
    assert verified.root[0].text == text
    assert verified.root[0].get("note") == text


@pytest.mark.parametrize(
    "document",
    [
        "<MetaData><A/></MetaData>",
        '<p:MetaData xmlns:p="urn:example:form:1" xmlns:q="urn:q"><q:A q:b="c"/></p:MetaData>',
        '<MetaData xmlns="urn:example:form:1"><A xmlns=""/></MetaData>',
        '<!-- before --><MetaData xmlns="urn:example:form:1">\n  <A/>\n</MetaData><!-- after -->',
        '<MetaData xmlns="urn:example:form:1" xmlns:ds="urn:not-a-signature"><ds:A/></MetaData>',
        "<MetaData>text<?pi inside?>text</MetaData>",
    ],
)
def test_any_use_of_namespaces_and_white_space_verifies_here_and_with_xmlsec(world, document):
    signed_document = signed(world, document)
    verify(world, signed_document)
    verify_with_xmlsec(signed_document, world.key)


@pytest.mark.parametrize("algorithm", sorted(XML_METHODS))
def test_another_implementation_verifies_our_signatures(world, algorithm):
    verify_with_xmlsec(signed(world, algorithm=algorithm), world.keys[algorithm])


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
@pytest.mark.parametrize("transforms", [(), (CanonicalizationMethod.CANONICAL_XML_1_0,)], ids=["bare", "named"])
def test_a_signature_made_by_another_implementation_verifies(world, order, transforms):
    root = parse(sign_xml(DOCUMENT.encode(), world.other, world.at))
    info = root[-1][0]
    references = info[2:]
    for reference in references[1:]:
        if transforms:
            reference.insert(0, etree.Element(f"{{{DS}}}Transforms"))
        for method in transforms:
            etree.SubElement(reference[0], f"{{{DS}}}Transform", Algorithm=method.value)
    info[2:] = [references[n] for n in order]
    for computed in (*info.iter(f"{{{DS}}}DigestValue"), root[-1][1]):
        computed.text = None
    sign_with_xmlsec(root, world.key)
    verified = verify(world, etree.tostring(root))
    assert verified.signer.participant == "KG"
    assert canonical(verified.root) == canonical(parse(DOCUMENT))


def sign_with_xmlsec(root, key):
    """Sign a document that has a Signature with empty digests, as the certificate's owner."""
    certificate = key.chain[0].public_bytes(Encoding.DER)
    root.find(f".//{{{DS}}}X509Certificate").text = base64.b64encode(certificate).decode()
    root.find(f".//{{{XADES}}}CertDigest/{{{DS}}}DigestValue").text = base64.b64encode(
        hashlib.sha256(certificate).digest()
    ).decode()
    resign_with_xmlsec(root, key)


def test_the_signed_certificate_digest_must_be_the_signers(world):
    root = parse(signed(world))
    for computed in (*root[-1][0].iter(f"{{{DS}}}DigestValue"), root[-1][1]):
        computed.text = None
    named = f".//{{{XADES}}}CertDigest/{{{DS}}}DigestValue"
    other = parse(sign_xml(DOCUMENT.encode(), world.other, world.at)).findtext(named)
    sign_with_xmlsec(root, world.key)
    verify(world, etree.tostring(root))
    root.find(named).text = other
    resign_with_xmlsec(root, world.key)
    verify_with_xmlsec(etree.tostring(root), world.key)
    assert refusal(world, etree.tostring(root)) == Reason.SIGNATURE_INVALID


def resign_with_xmlsec(root, key):
    xmlsec.tree.add_ids(root, ["Id"])
    context = xmlsec.SignatureContext()
    private = key.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    context.key = xmlsec.Key.from_memory(private, xmlsec.KeyFormat.PEM)
    context.sign(root[-1])


def test_the_other_implementation_would_have_noticed_a_changed_document(world):
    changed = signed(world).replace(b"22140.000", b"12140.000")
    with pytest.raises(xmlsec.Error):
        verify_with_xmlsec(changed, world.key)


def verify_with_xmlsec(document, key):
    root = parse(document)
    xmlsec.tree.add_ids(root, ["Id"])
    context = xmlsec.SignatureContext()
    public = key.private_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    context.key = xmlsec.Key.from_memory(public, xmlsec.KeyFormat.PEM)
    context.verify(root[-1])


@pytest.fixture(scope="module")
def signed_once(world):
    return signed(world)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_changed_byte_changes_what_a_verified_document_says(world, signed_once, data):
    document = signed_once
    position = data.draw(st.integers(0, len(document) - 1))
    changed = bytearray(document)
    changed[position] ^= data.draw(st.integers(1, 255))
    try:
        root = parse(bytes(changed))
        verified = verify(world, root)
    except (etree.XMLSyntaxError, GatewayError):
        return
    # XML writes one document in many ways (a tab between attributes, say); it must be the same document.
    assert canonical(verified.root) == canonical(parse(DOCUMENT))


def test_a_changed_text_is_refused(world):
    assert refusal(world, signed(world).replace(b"22140.000", b"12140.000")) == Reason.SIGNATURE_INVALID


def test_a_comment_inside_a_text_does_not_cut_what_is_read(world):
    commented = signed(world).replace(b"22140.000", b"22140<!-- -->.000")
    assert verify(world, commented).root.findtext(f".//{FORM}GrossMassMeasure") == "22140.000"


def test_an_unsigned_document_is_refused(world):
    assert refusal(world, DOCUMENT.encode()) == Reason.UNSIGNED


# Wrapping: a genuine signature in a place where something else would be read.


def test_a_signed_document_nested_in_another_is_refused(world):
    wrapper = parse("<MetaData xmlns='urn:example:form:1'><Declaration>forged</Declaration></MetaData>")
    wrapper.append(parse(signed(world)))
    assert refusal(world, etree.tostring(wrapper)) == Reason.PROFILE


def test_a_signature_moved_to_a_forged_root_that_keeps_the_signed_content_is_refused(world):
    original = parse(signed(world))
    forged = parse("<MetaData xmlns='urn:example:form:1'><Declaration>forged</Declaration></MetaData>")
    signature = original[-1]
    forged.append(original)
    forged.append(signature)
    assert refusal(world, etree.tostring(forged)) == Reason.SIGNATURE_INVALID


def test_an_inner_root_is_not_verified_on_its_own(world):
    wrapper = parse("<Wrapper/>")
    wrapper.append(parse(signed(world)))
    assert refusal(world, wrapper[0]) == Reason.PROFILE


def test_a_signature_that_is_not_last_is_refused(world):
    root = parse(signed(world))
    root.insert(0, root[-1])
    assert refusal(world, etree.tostring(root)) == Reason.PROFILE


def test_a_signature_deeper_than_the_root_is_refused(world):
    root = parse(signed(world))
    root[0].append(root[-1])
    assert refusal(world, etree.tostring(root)) == Reason.PROFILE


def test_a_signature_followed_by_text_is_refused(world):
    document = signed(world).replace(b"</ds:Signature>", b"</ds:Signature>more")
    assert refusal(world, document) == Reason.SIGNATURE_INVALID


def test_two_signatures_are_refused(world):
    root = parse(signed(world))
    root.append(copy.deepcopy(root[-1]))
    assert refusal(world, etree.tostring(root)) == Reason.PROFILE


def test_a_signature_hidden_in_the_content_is_refused(world):
    root = parse(signed(world))
    root[0].append(etree.Element(f"{{{DS}}}Signature"))
    assert refusal(world, etree.tostring(root)) == Reason.PROFILE


@pytest.mark.parametrize("attribute", ["Id", "ID", "id", "{urn:x}Id"])
@pytest.mark.parametrize("part", ["SignedProperties", "KeyInfo"])
def test_a_second_element_with_an_id_of_the_signature_is_refused(world, part, attribute):
    root = parse(signed(world))
    signed_part = next(e for e in root.iter() if etree.QName(e).localname == part)
    root[0].set(attribute, signed_part.get("Id"))
    assert refusal(world, etree.tostring(root)) == Reason.PROFILE


def test_a_document_type_is_refused(world):
    document = signed(world).replace(b"?>", b"?><!DOCTYPE MetaData [<!ELEMENT A ANY>]>", 1)
    assert refusal(world, document) == Reason.PROFILE


@pytest.mark.parametrize("place", [(b"<MetaData", b"<?read me?><MetaData"), (b"</MetaData>", b"</MetaData><?a b?>")])
def test_a_processing_instruction_outside_the_root_is_refused(world, place):
    assert refusal(world, signed(world).replace(*place)) == Reason.PROFILE


def test_an_xml_attribute_on_the_root_is_refused(world):
    document = signed(world).replace(b"<MetaData", b'<MetaData xml:lang="ru"', 1)
    assert refusal(world, document) == Reason.PROFILE


# The closed profile: each line is a change to a genuine signature, and what it is refused for.

C14N = CanonicalizationMethod.CANONICAL_XML_1_0.value
REFERENCE_TO_DOCUMENT = r'<ds:Reference URI=""'
ENVELOPED = SignatureConstructionMethod.enveloped.value

CHANGES = {
    "exclusive canonicalisation of SignedInfo": (
        f'CanonicalizationMethod Algorithm="{C14N}"',
        'CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"',
        Reason.PROFILE,
    ),
    "canonicalisation with comments": (
        f'CanonicalizationMethod Algorithm="{C14N}"',
        f'CanonicalizationMethod Algorithm="{C14N}#WithComments"',
        Reason.PROFILE,
    ),
    "exclusive canonicalisation of the document": (
        f'Transform Algorithm="{C14N}"',
        'Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"',
        Reason.PROFILE,
    ),
    "an XSLT transform": (
        f'Transform Algorithm="{C14N}"',
        'Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"',
        Reason.PROFILE,
    ),
    "an XPath transform in place of enveloped-signature": (
        f'Transform Algorithm="{ENVELOPED}"',
        'Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"',
        Reason.PROFILE,
    ),
    "a base64 transform": (
        f'Transform Algorithm="{C14N}"',
        f'Transform Algorithm="{DS}base64"',
        Reason.PROFILE,
    ),
    "a reference to a web address": (
        REFERENCE_TO_DOCUMENT,
        '<ds:Reference URI="http://attacker.example/declaration.xml"',
        Reason.PROFILE,
    ),
    "a reference to a file": (
        REFERENCE_TO_DOCUMENT,
        '<ds:Reference URI="file:///etc/hostname"',
        Reason.PROFILE,
    ),
    "a reference by XPointer": (
        REFERENCE_TO_DOCUMENT,
        '<ds:Reference URI="#xpointer(/)"',
        Reason.PROFILE,
    ),
    "a reference to a part of the document": (
        REFERENCE_TO_DOCUMENT,
        '<ds:Reference URI="#part"',
        Reason.PROFILE,
    ),
    "a reference without URI": (REFERENCE_TO_DOCUMENT, "<ds:Reference", Reason.PROFILE),
    "a fourth reference": (
        "</ds:SignedInfo>",
        '<ds:Reference URI="#x"><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
        "<ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:SignedInfo>",
        Reason.PROFILE,
    ),
    "a transform of the signed properties": (
        'Type="http://uri.etsi.org/01903#SignedProperties">',
        'Type="http://uri.etsi.org/01903#SignedProperties"><ds:Transforms>'
        '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/></ds:Transforms>',
        Reason.PROFILE,
    ),
    "signed properties not declared as such": (
        'Type="http://uri.etsi.org/01903#SignedProperties"',
        'Type="http://www.w3.org/2000/09/xmldsig#Object"',
        Reason.PROFILE,
    ),
    "a data object format about something else": (
        'DataObjectFormat ObjectReference="#',
        'DataObjectFormat ObjectReference="#other-',
        Reason.PROFILE,
    ),
    "SHA-1 digests": (
        'DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"',
        f'DigestMethod Algorithm="{DS}sha1"',
        Reason.PROFILE,
    ),
    "a digest that is not base64": ("<ds:DigestValue>", "<ds:DigestValue>*", Reason.PROFILE),
    "an HMAC method": (
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        Reason.ALGORITHM_REFUSED,
    ),
    "a SHA-1 signature method": (
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1",
        Reason.ALGORITHM_REFUSED,
    ),
    "the method of another kind of key": (
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        Reason.ALGORITHM_REFUSED,
    ),
    "the method of another curve": (
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
        Reason.ALGORITHM_REFUSED,
    ),
    "a second Object": ("</ds:Object>", "</ds:Object><ds:Object>content</ds:Object>", Reason.PROFILE),
    "other content in the Object": ("<ds:Object>", "<ds:Object><A/>", Reason.PROFILE),
    "text in the Object": ("<ds:Object>", "<ds:Object>text", Reason.PROFILE),
    "unsigned properties": (
        "</xades:QualifyingProperties>",
        "<xades:UnsignedProperties/></xades:QualifyingProperties>",
        Reason.PROFILE,
    ),
    "properties of another signature": (
        '<xades:QualifyingProperties Target="#',
        '<xades:QualifyingProperties Target="#other-',
        Reason.PROFILE,
    ),
    "a key value beside the certificate": (
        "<ds:X509Data>",
        "<ds:KeyValue/><ds:X509Data>",
        Reason.PROFILE,
    ),
    "a place to fetch the certificate from": (
        "<ds:X509Data>",
        '<ds:RetrievalMethod URI="http://attacker.example/"/><ds:X509Data>',
        Reason.PROFILE,
    ),
    "an attribute that is not in the profile": ("<ds:X509Data>", '<ds:X509Data a="b">', Reason.PROFILE),
    "an xml: attribute inside the signature": (
        "<ds:X509Data>",
        '<ds:X509Data xml:lang="en">',
        Reason.PROFILE,
    ),
    "a comment inside the signature": ("<ds:X509Data>", "<ds:X509Data><!-- -->", Reason.PROFILE),
    "a fifth certificate": (
        "<ds:X509Data>",
        "<ds:X509Data>" + 4 * "<ds:X509Certificate>AAAA</ds:X509Certificate>",
        Reason.PROFILE,
    ),
    "an enormous certificate": ("<ds:X509Certificate>", "<ds:X509Certificate>" + 20000 * "A", Reason.PROFILE),
    "a certificate that is none": (
        "<ds:X509Certificate>",
        "<ds:X509Certificate>AAAA</ds:X509Certificate><ds:X509Certificate>",
        Reason.CERTIFICATE_UNREADABLE,
    ),
    "an enormous signature value": (
        "<ds:SignatureValue>",
        "<ds:SignatureValue>" + 4000 * "A",
        Reason.PROFILE,
    ),
    "an empty signature value": (
        "<ds:SignatureValue>",
        "<ds:SignatureValue></ds:SignatureValue><ds:SignatureValue>",
        Reason.PROFILE,
    ),
    "a signing time without an offset": (
        "<xades:SigningTime>2026-11-01T08:30:00Z",
        "<xades:SigningTime>2026-11-01T08:30:00",
        Reason.PROFILE,
    ),
    "another signing time": (
        "<xades:SigningTime>2026-11-01T08:30:00Z",
        "<xades:SigningTime>2026-11-01T08:30:01Z",
        Reason.SIGNATURE_INVALID,
    ),
}


@pytest.mark.parametrize(("old", "new", "reason"), CHANGES.values(), ids=CHANGES.keys())
def test_a_signature_outside_the_profile_is_refused(world, old, new, reason):
    document = signed(world).decode()
    assert old in document
    assert refusal(world, document.replace(old, new).encode()) == reason


def test_a_genuine_signature_of_a_foreign_profile_is_refused(world):
    plain = XMLSigner(
        signature_algorithm="ecdsa-sha256",
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    ).sign(parse(DOCUMENT), key=world.key.private_key, cert=list(world.key.chain))
    assert refusal(world, etree.tostring(plain)) == Reason.PROFILE


def test_inclusive_canonicalisation_1_1_is_accepted(world):
    root = XAdESSigner(signature_algorithm="ecdsa-sha256").sign(
        parse(DOCUMENT), key=world.key.private_key, cert=list(world.key.chain), always_add_key_value=False
    )
    assert CanonicalizationMethod.CANONICAL_XML_1_1.value in etree.tostring(root).decode()
    assert canonical(verify(world, etree.tostring(root)).root) == canonical(parse(DOCUMENT))


def test_a_certificate_swapped_for_another_of_the_same_exchange_is_refused(world):
    other = parse(sign_xml(DOCUMENT.encode(), world.other, world.at))
    root = parse(signed(world))
    certificate = f".//{{{DS}}}X509Certificate"
    root.find(certificate).text = other.find(certificate).text
    assert refusal(world, etree.tostring(root)) == Reason.SIGNATURE_INVALID


def test_a_signature_value_written_with_stray_bits_is_refused(world):
    document = signed(world).decode()
    value = re.search(r"<ds:SignatureValue>(.*?)==<", document).group(1)
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    stray = value[:-1] + digits[digits.index(value[-1]) ^ 1]
    assert refusal(world, document.replace(value, stray).encode()) == Reason.PROFILE


def test_the_signature_of_a_stranger_is_refused_although_it_is_valid(world, build):
    stranger = build.Authority("Somebody else's authority")
    key = world.key.private_key
    unknown = build.signing_key(key, stranger.certify(key))
    document = sign_xml(DOCUMENT.encode(), unknown, world.at)
    verify_with_xmlsec(document, unknown)
    assert refusal(world, document) == Reason.UNKNOWN_ISSUER


def test_xml_is_not_signed_with_eddsa(world):
    with pytest.raises(Misconfigured, match="EdDSA"):
        signed(world, algorithm=Algorithm.EdDSA)


@pytest.mark.parametrize(
    "document",
    [
        "not xml",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        "<?instruction?><a/>",
        '<a xml:lang="ru"/>',
        '<a Id="x"/>',
        '<a xmlns="relative"/>',
        f'<a><Signature xmlns="{DS}"/></a>',
    ],
)
def test_what_would_not_verify_is_not_signed(world, document):
    with pytest.raises(ValueError, match="cannot be signed"):
        signed(world, document)


def test_a_signing_time_needs_an_offset(world):
    with pytest.raises(ValueError, match="offset"):
        sign_xml(DOCUMENT.encode(), world.key, datetime(2026, 11, 1))  # noqa: DTZ001


def test_the_signature_library_does_not_log_the_document(world, caplog):
    caplog.set_level("DEBUG")
    verify(world, signed(world))
    assert "22140" not in caplog.text
