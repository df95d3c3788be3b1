"""Code tables between Kazakh documents and the common form.

Each table is total in both directions for the codes it lists; what it does not list is reported by the reader and the
writer, never guessed. `GAPS` says which codes have no counterpart. Office codes are illustrative: no open list of
them was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from adapters.kit.implied import EMPTY_VEHICLE
from adapters.kit.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Office:
    """A customs office at a border post.

    Attributes:
        country: ISO 3166-1 alpha-2.
        post: Border post, the short name in `schemas/codelists/border_posts.csv`.
        name: As Kazakh documents call it.
    """

    country: str
    post: str
    name: str


OFFICES: Mapping[str, Office] = MappingProxyType(
    {
        "39811": Office("KZ", "khorgos", "Нұр жолы"),
        "39812": Office("KZ", "dostyk", "Достық (автожол)"),
        "39813": Office("KZ", "dostyk-rail", "Достық (теміржол)"),
        "39814": Office("KZ", "altynkol-rail", "Алтынкөл"),
        "39815": Office("KZ", "bakhty", "Бақты"),
        "39816": Office("KZ", "maikapchagai", "Майқапшағай"),
        "39817": Office("KZ", "kolzhat", "Қалжат"),
        "39821": Office("KZ", "zhibek-zholy", "Жібек жолы"),
        "39822": Office("KZ", "konysbayev", "Б. Қонысбаев"),
        "9402": Office("CN", "khorgos", "Хоргос (ҚХР)"),
        "9404": Office("CN", "dostyk", "Алашанькоу (ҚХР)"),
        "9491": Office("CN", "bakhty", "Покиту (ҚХР)"),
        "9492": Office("CN", "maikapchagai", "Зимунай (ҚХР)"),
        "9493": Office("CN", "kolzhat", "Дулаты (ҚХР)"),
        "86011": Office("UZ", "zhibek-zholy", "Гишткуприк (ӨР)"),
        "86012": Office("UZ", "konysbayev", "Яллама (ӨР)"),
    }
)
"""Offices at the borders with China and Uzbekistan, by code; those of `schemas/codelists/customs_offices.csv`. All of
them illustrative."""

MODES: Mapping[str, str] = MappingProxyType({"2": "20", "3": "30"})
"""Mode of transport: UN/ECE Rec 19 → classifier of kinds of transport of the EAEU."""
MODES_READ: Mapping[str, str] = MappingProxyType({"20": "2", "30": "3", "31": "3", "32": "3"})
"""The other way: 31 and 32 (combinations of road vehicles) are road."""
RAIL = "2"

ACTIONS: Mapping[str, str] = MappingProxyType({"9": "01", "5": "02", "4": "03", "2": "04"})
"""`Declaration/FunctionCode` → `PIActionCode`. A cancellation (1) is a document of its own."""
ACTIONS_READ: Mapping[str, str] = MappingProxyType({national: common for common, national in ACTIONS.items()})
CANCELLATION, CHANGE = "1", "4"

DOCUMENTS: Mapping[str, str] = MappingProxyType(
    {
        "271": "04131",
        "380": "04021",
        "720": "02013",
        "730": "02015",
        "740": "02017",
        "830": "09013",
        "952": "02024",
    }
)
"""Kind of document: UNTDID 1001 → classifier of kinds of documents of the EAEU. Plausible: not read in its source.
Every other kind is written as UNTDID 1001 and says so."""
DOCUMENTS_READ: Mapping[str, str] = MappingProxyType({national: common for common, national in DOCUMENTS.items()})
UNTDID_1001 = "UNTDID1001"

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
"""Unit of measure: UN/ECE Rec 20 → three digits of the units classifier of the EAEU. Plausible. Every other unit is
written as UN/ECE Rec 20 and says so."""
UNITS_READ: Mapping[str, str] = MappingProxyType({national: common for common, national in UNITS.items()})
UNECE_20 = "UNECE20"

KILOGRAMS: Mapping[str, Decimal] = MappingProxyType({"TNE": Decimal(1000), "GRM": Decimal("0.001")})
"""Kilograms in one of the other units of mass; the common form has masses in kilograms only (ACD-CON-06)."""

AFFIXERS: Mapping[str, str] = MappingProxyType({"CU": "1", "CA": "2", "SH": "3"})
"""Who affixed a seal: UNTDID 9303 → `SealAffixerCode`."""
AFFIXERS_READ: Mapping[str, str] = MappingProxyType({national: common for common, national in AFFIXERS.items()})

EMPTY: Mapping[str, str] = MappingProxyType({EMPTY_VEHICLE: "1"})
"""Special circumstances → `EmptyVehicleIndicator`."""
EMPTY_READ: Mapping[str, str] = MappingProxyType({"1": EMPTY_VEHICLE, "true": EMPTY_VEHICLE})

EVENT_KINDS: Mapping[str, str] = MappingProxyType(
    {"DEP": "01", "ARR": "02", "CTL": "03", "DIS": "04", "IMP": "05", "EXP": "06", "UND": "07"}
)
"""`BorderEvent/EventTypeCode` → `EventKindCode`. Plausible."""
EVENT_KINDS_READ: Mapping[str, str] = MappingProxyType({national: common for common, national in EVENT_KINDS.items()})

SEAL_STATES: Mapping[str, str] = MappingProxyType({"INT": "1", "BRK": "2", "MIS": "3"})
"""`SealCheck/ConditionCode` → `SealStateCode`: intact, broken, missing. Plausible."""
SEAL_STATES_READ: Mapping[str, str] = MappingProxyType({national: common for common, national in SEAL_STATES.items()})

CONCLUSIONS: Mapping[str, str] = MappingProxyType({"REL": "1", "HLD": "2", "REF": "3"})
"""`ControlResult/ConclusionCode` → `ConclusionCode`: released, held, refused. Plausible."""
CONCLUSIONS_READ: Mapping[str, str] = MappingProxyType({national: common for common, national in CONCLUSIONS.items()})


TRAIN, WAGON = "21", "20"
"""CL750: kinds of identification of means of transport, besides plates."""

PLACEHOLDERS = frozenset({"null", "NULL", "None", "NONE", "nil", "undefined"})
"""What careless systems write where there is nothing."""

NO_NUMBER = "000000000000"
"""BIN of one who has none: only with `NonResidentIndicator`."""

OUTCOMES: Mapping[str, Outcome] = MappingProxyType(
    {
        "01": Outcome("11", "", "REG", "Предварительная информация зарегистрирована"),
        "02": Outcome("44", "", "", "Предварительная информация принята"),
        "03": Outcome("45", "42", "", "Предварительная информация на проверке у должностного лица"),
        "04": Outcome("27", "41", "", "Предварительная информация не принята"),
        "05": Outcome("11", "39", "", "Товары выпущены"),
        "06": Outcome("11", "", "DNL", "Погрузка запрещена"),
        "07": Outcome("11", "", "UPR", "Разгрузка запрещена"),
    }
)
"""`ProcessingResultCode` → outcome. One row for each outcome that the two sides agreed on."""
REGISTERED, REFUSED = "01", "04"


GAPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "MODES": ("every mode but road and rail: the form has no part for it",),
        "ACTIONS": ("13 request",),
        "AFFIXERS": ("every other party of UNTDID 9303: reported as not carried",),
        "OUTCOMES": (),
        "EVENT_KINDS": (),
        "SEAL_STATES": (),
        "CONCLUSIONS": (),
    }
)
"""Codes of the common form without a counterpart."""
