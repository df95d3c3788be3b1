"""Codes of the common form that national documents imply: what stands in them can mean nothing else."""

from __future__ import annotations

MANIFEST = "785"
"""UNTDID 1001: cargo manifest."""
IMPORT_DECLARATION = "929"
"""UNTDID 1001: goods declaration for importation."""
PLATE = "30"
"""CL750: registration number of a road vehicle."""
TRAILER = "TE"
"""UNTDID 8053: trailer."""
EMPTY_VEHICLE = "EMP"
"""Special circumstances: a vehicle without cargo."""
EMPTY = "4"
"""UNTDID 8169: an empty container."""
STATEMENT_SUBJECT = "AHN"
"""UNTDID 4451, status details: subject of an outcome, coded or in words."""
REMARK = "CUS"
"""UNTDID 4451, customs declaration information: subject of an officer's words."""
NOWHERE = frozenset({"EXP", "UND"})
"""`BorderEvent/EventTypeCode` of what nobody saw happen: no office tells it, and no country where the gateway does."""
