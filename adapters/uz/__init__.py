"""Uzbekistan: advance information (DM) in both directions, notices (XN) both ways, as JSON in Uzbek."""

from pathlib import Path

from adapters.kit.contract import Adapter
from adapters.uz.losses import NOT_CARRIED
from adapters.uz.notice import acknowledged, answer
from adapters.uz.reader import read
from adapters.uz.rules import RULES
from adapters.uz.writer import write

_HERE = Path(__file__).parent

ADAPTER = Adapter(
    country="UZ",
    name="Single window of Uzbekistan",
    language="ru",
    read=read,
    write=write,
    answer=answer,
    acknowledged=acknowledged,
    rules=RULES,
    texts=_HERE / "texts",
    not_carried=NOT_CARRIED,
    examples=_HERE / "examples",
)
