"""Classifiers of the Eurasian Economic Union, which the forms of its members have in common.

Each table is total in both directions for the codes it lists. Codes of documents and units are plausible: not read in
their source. A country takes of the modes what its forms are made for.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

MODES: Mapping[str, str] = MappingProxyType(
    {"1": "10", "2": "20", "3": "30", "4": "40", "5": "50", "8": "80", "9": "90"}
)
"""Mode of transport: UN/ECE Rec 19 → classifier of kinds of transport. 7 could be 71 or 72."""

MODES_READ: Mapping[str, str] = MappingProxyType(
    {national: common for common, national in MODES.items()} | {"31": "3", "32": "3", "71": "7", "72": "7"}
)
"""The other way: 31 and 32 (combinations of vehicles) are road; 71 and 72 (pipeline, power line) are fixed."""

DOCUMENTS: Mapping[str, str] = MappingProxyType(
    {
        "271": "04131",
        "380": "04021",
        "705": "02011",
        "720": "02013",
        "730": "02015",
        "740": "02017",
        "830": "09013",
        "952": "02024",
    }
)
"""Kind of document: UNTDID 1001 → classifier of kinds of documents."""

DOCUMENTS_READ: Mapping[str, str] = MappingProxyType({national: common for common, national in DOCUMENTS.items()})

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "CTM": "162",
        "GRM": "163",
        "H87": "796",
        "KGM": "166",
        "LTR": "112",
        "MTK": "055",
        "MTQ": "113",
        "MTR": "006",
        "NPR": "715",
        "TNE": "168",
    }
)
"""Unit of measure: UN/ECE Rec 20 → three digits of the classifier of units."""

UNITS_READ: Mapping[str, str] = MappingProxyType({national: common for common, national in UNITS.items()})
