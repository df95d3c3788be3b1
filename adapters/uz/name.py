"""Names of drivers: surname, given name and patronymic in Uzbek documents, one line in the common form.

A name is divided only where its patronymic makes the division certain; it is never transliterated, and no apostrophe is
replaced by another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from gateway.message.element import WcoClass

_APOSTROPHES = "ʻʼ‘’'`"
_SON_OR_DAUGHTER = re.compile(rf"(o[{_APOSTROPHES}]?g[{_APOSTROPHES}]?li|qizi|ўғли|қизи)")
_PATRONYMIC = re.compile(r"\w+(ovich|evich|ovna|evna|ович|евич|ьич|овна|евна)")


def join_name(strings: Mapping[str, str]) -> str:
    """The name in one line: surname, given name, patronymic; or as it stands where it is not divided."""
    order = ("familiya", "ism", "otasiningIsmi", "fio")
    return " ".join(strings[key] for key in order if key in strings)


def split_name(_owner: WcoClass, name: str) -> Mapping[str, str]:
    """The three parts where they are certain, the whole otherwise.

    Certain is `Karimov Rustam Anvar oʻgʻli` (son or daughter of) and `Каримов Рустам Анварович`.
    """
    words = name.split(" ")
    certain = (len(words) == 4 and _SON_OR_DAUGHTER.fullmatch(words[3])) or (
        len(words) == 3 and _PATRONYMIC.fullmatch(words[2])
    )
    if not certain or not all(words):
        return {"fio": name}
    return {"familiya": words[0], "ism": words[1], "otasiningIsmi": " ".join(words[2:])}
