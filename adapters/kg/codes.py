"""Code tables between Kyrgyz documents and the common form.

Each table is total in both directions for the codes it lists; what it does not list is reported by the reader and the
writer, never guessed. `GAPS` says which codes have no counterpart. Modes, documents and units are in
`adapters/kit/eaeu.py`. Office codes are illustrative: no open list of them exists for Kyrgyzstan or China.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.kit import eaeu
from adapters.kit.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Office:
    """A customs office at a border post.

    Attributes:
        country: ISO 3166-1 alpha-2.
        post: Border post, short name shared by both sides.
        name: As Kyrgyz documents call it.
        illustrative: The code is this project's, not an official one.
    """

    country: str
    post: str
    name: str
    illustrative: bool = True


OFFICES: Mapping[str, Office] = {
    "41700201": Office("KG", "torugart", "Торугарт-автодорожный"),
    "41700301": Office("KG", "irkeshtam", "Иркештам-автодорожный"),
    "41700401": Office("KG", "bedel", "Бедель-автодорожный"),
    "9403": Office("CN", "torugart", "Торугарт (КНР)"),
    "9415": Office("CN", "irkeshtam", "Иркештам (КНР)"),
    "9490": Office("CN", "bedel", "Бедель (КНР)"),
}
"""Offices at the border with China, by code; the same codes as `schemas/codelists/customs_offices.csv`."""

MODES: Mapping[str, str] = {"3": eaeu.MODES["3"]}
"""Mode of transport that is written: UN/ECE Rec 19 → classifier of the EAEU. The forms are those of road."""

KIND_IN_WORDS = "UNTDID 1001: "
"""How a kind that `DOCUMENTS` does not list is written in the name of a document, so that it is not lost."""

UNPACKED = frozenset({"NE", "NF", "NG", "VG", "VL", "VN", "VO", "VQ", "VR", "VS", "VY"})
"""Kinds of package (UN/ECE Rec 21) that are none: unpacked goods and bulk."""

PACKAGING, CARGO = "0", "2"
"""`InfoKindCode`: packaging, and cargo without packaging."""

DRIVER, SECOND_DRIVER = "1", "2"
"""`RoleCode` of a carrier's representative. Plausible: the form cites no list."""

SEALING, SEAL = "01", "01"
"""`CustomsIdentificationMethodCode` and `…MeansKindCode` for seals. Plausible: the form cites no list."""

DANGEROUS = "3"
"""`InformationKindCode` of dangerous goods (album 5.23.0, `ControlledItemsDetails`)."""

RE_SUBMITTED = "933"
"""UNTDID 1001, cargo declaration (arrival): how the common form cites an earlier Kyrgyz registration number."""

EXPORT_DECLARATION = "830"
"""UNTDID 1001, goods declaration for exportation."""

CHANNELS: Mapping[str, str] = {"TE": "Phone", "FX": "Fax", "TL": "Telex", "EM": "E_mail"}
"""Means of communication: UNTDID 3155 → element of `CommunicationDetails`, in the order of the form."""


OUTCOMES: Mapping[str, Outcome] = {
    "1": Outcome("11", "", "REG", "Сведения зарегистрированы"),
    "2": Outcome("44", "", "", "Предварительная информация принята"),
    "3": Outcome("45", "42", "", "Предварительная информация ожидает проверки должностным лицом"),
    "4": Outcome("27", "41", "", "Сведения не приняты"),
    "5": Outcome("11", "39", "", "Товары выпущены"),
    "6": Outcome("11", "", "DNL", "Погрузка запрещена"),
    "7": Outcome("11", "", "UPR", "Разгрузка запрещена"),
}
"""`ResultCode` → outcome. One row for each outcome that the two sides agreed on."""

EVENT_KINDS: Mapping[str, str] = {
    "01": "DEP",
    "02": "ARR",
    "03": "CTL",
    "04": "DIS",
    "05": "IMP",
    "06": "EXP",
    "07": "UND",
}
"""`EventKindCode` → `BorderEvent/EventTypeCode`. Plausible."""

SEAL_STATES: Mapping[str, str] = {"1": "INT", "2": "BRK", "3": "MIS"}
"""`SealStateCode` → `SealCheck/ConditionCode`: intact, broken, missing. Plausible."""

CONCLUSIONS: Mapping[str, str] = {"1": "REL", "2": "HLD", "3": "REF"}
"""`ConclusionCode` → `ControlResult/ConclusionCode`: released, held, refused. Plausible."""

REASON_IN_WORDS = "CHG"
"""UNTDID 4451, change information: subject of the words that say why something is taken back."""

OTHER_REASON = "999"
"""The reason of an amendment that gives none: another."""

EMPTY_CONTAINER = "Порожний контейнер"
"""Description of the goods of a consignment that is nothing but empty containers; plausible."""

GAPS: Mapping[str, tuple[str, ...]] = {
    "MODES": ("1", "2", "4", "5", "7", "8", "9"),
}
"""Codes of the common form without a counterpart: modes that are read and that the forms are not made for."""
