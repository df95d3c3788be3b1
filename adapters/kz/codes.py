"""Code tables between Kazakh documents and the common form.

Each table is total in both directions for the codes it lists; what it does not list is reported by the reader and the
writer, never guessed. Documents and units are in `adapters/kit/eaeu.py`. Office codes are illustrative: no open list of
them was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from adapters.kit import eaeu
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

MODES: Mapping[str, str] = MappingProxyType({mode: eaeu.MODES[mode] for mode in ("2", "3")})
"""Mode of transport: UN/ECE Rec 19 → classifier of the EAEU. The form has no part for any other than road and rail."""
MODES_READ: Mapping[str, str] = MappingProxyType(
    {national: common for national, common in eaeu.MODES_READ.items() if common in MODES}
)
RAIL = "2"

ACTIONS: Mapping[str, str] = MappingProxyType({"9": "01", "5": "02", "4": "03", "2": "04"})
"""`Declaration/FunctionCode` → `PIActionCode`. A cancellation (1) is a document of its own."""
ACTIONS_READ: Mapping[str, str] = MappingProxyType({national: common for common, national in ACTIONS.items()})
CANCELLATION, CHANGE = "1", "4"

UNTDID_1001 = "UNTDID1001"
"""List of the kinds of documents that the classifier of the EAEU does not have here; written with the code."""

UNECE_20 = "UNECE20"
"""List of the units that the classifier of the EAEU does not have here; written with the code."""

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
