"""Kyrgyzstan: EAEU road preliminary information in, its export twin out, result notices both ways."""

from pathlib import Path

from adapters.kg.losses import NOT_CARRIED
from adapters.kg.notice import acknowledged, answer
from adapters.kg.reader import read
from adapters.kg.rules import RULES
from adapters.kg.writer import write
from adapters.kit.contract import Adapter

_HERE = Path(__file__).parent

ADAPTER = Adapter(
    country="KG",
    name="Single window of Kyrgyzstan",
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
