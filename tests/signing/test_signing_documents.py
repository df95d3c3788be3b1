"""The written signature profile names what the code accepts and every reason for a refusal."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.signing import Algorithm, Purpose, Reason
from gateway.signing.xades import _SHAPES, INCLUSIVE_C14N, SIGNED_PROPERTIES, XML_METHODS

PROFILE = (Path(__file__).parents[2] / "docs/signature-profile.md").read_text(encoding="utf-8")

# Elements that every XML signature has and that need no word of their own.
UNDERSTOOD = {"Transforms", "Transform", "DigestMethod", "DigestValue"}

WORDS = [
    *(f"`{reason}`" for reason in Reason),
    *(f"| {algorithm}" for algorithm in Algorithm),
    *(f"`{purpose}`" for purpose in Purpose),
    *(method.value for method in XML_METHODS.values()),
    *sorted(INCLUSIVE_C14N),
    SIGNED_PROPERTIES,
    *(f":{tag.partition('}')[2]}" for tag in _SHAPES if tag.partition("}")[2] not in UNDERSTOOD),
]


@pytest.mark.parametrize("word", WORDS)
def test_the_written_profile_names_it(word):
    assert word in PROFILE
