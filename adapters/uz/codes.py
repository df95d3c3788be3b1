"""Code tables between Uzbek documents and the common form.

Each table is total in both directions for the codes it lists; what it does not list is reported by the reader and the
writer, never guessed. `GAPS` says which codes have no counterpart. Office codes are illustrative: no open list exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from adapters.kit import implied
from adapters.kit.outcome import Outcome

OUTCOMES: Mapping[str, Outcome] = {
    "RO": Outcome("11", "", "REG", "Maʼlumotnoma roʻyxatga olindi"),
    "QA": Outcome("44", "", "", "Dastlabki maʼlumot qabul qilindi"),
    "TK": Outcome("45", "42", "", "Dastlabki maʼlumot mansabdor shaxs tekshiruvida"),
    "RE": Outcome("27", "41", "", "Dastlabki maʼlumot rad etildi"),
    "CH": Outcome("11", "39", "", "Tovarlar chiqarib yuborildi"),
    "YT": Outcome("11", "", "DNL", "Yuklash taqiqlandi"),
    "TT": Outcome("11", "", "UPR", "Tushirish taqiqlandi"),
}
"""`natija` → outcome. One row for each outcome that the two sides agreed on."""

EVENT_KINDS: Mapping[str, str] = {
    "JK": "DEP",
    "YK": "ARR",
    "NN": "CTL",
    "NM": "DIS",
    "IM": "IMP",
    "MT": "EXP",
    "YE": "UND",
}
"""`voqea` → `BorderEvent/EventTypeCode`."""

SEAL_STATES: Mapping[str, str] = {"BUTUN": "INT", "BUZILGAN": "BRK", "YOQ": "MIS"}
"""`holat` → `SealCheck/ConditionCode`: intact, broken, missing."""

CONCLUSIONS: Mapping[str, str] = {"CH": "REL", "UT": "HLD", "RE": "REF"}
"""`xulosa` → `ControlResult/ConclusionCode`: released, held, refused."""

ACTIONS: Mapping[str, str] = {"YANGI": "9", "ALMASHTIRISH": "5", "OZGARTIRISH": "4", "QOSHIMCHA": "2", "BEKOR": "1"}
"""`amal` → UNTDID 1225."""
CHANGE = "4"

KINDS: Mapping[str, str] = {"YUK": implied.MANIFEST, "TIR": "952"}
"""`tur` → UNTDID 1001: cargo manifest, TIR carnet."""

MODES: Mapping[str, str] = {
    "10": "1",
    "20": "2",
    "30": "3",
    "40": "4",
    "50": "5",
    "71": "7",
    "80": "8",
    "90": "9",
}
"""Mode of transport: national classifier → UN/ECE Rec 19. 10 to 40 are grounded, the others plausible."""

SEALERS: Mapping[str, str] = {"BOJXONA": "CU", "TASHUVCHI": "CA", "YUBORUVCHI": "SH"}
"""Who affixed a seal → UNTDID 9303."""

FULLNESS: Mapping[str, str] = {"TOLA": "5", "BOSH": "4"}
"""How full a container is → UNTDID 8169; the list's other codes are written as they are."""

IN_CONTAINERS: Mapping[bool, str] = {True: "1", False: "0"}
EMPTY_VEHICLE: Mapping[bool, str] = {True: implied.EMPTY_VEHICLE}

CUBIC_METRES: Mapping[str, Decimal] = {"MTQ": Decimal(1), "LTR": Decimal("0.001")}
"""Cubic metres in one unit of volume."""

GAPS: Mapping[str, tuple[str, ...]] = {
    "ACTIONS": ("13",),
}
"""Codes of the common form without a counterpart. 13 is a request: Uzbek documents announce, they do not ask."""
