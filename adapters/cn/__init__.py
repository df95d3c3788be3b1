"""China: road manifests, carrier confirmations and reports of the International Trade Single Window, and its replies.

`README.md` has the mapping table, what is lost each way, and how certain each part is.
"""

from pathlib import Path

from adapters.cn.codes import COUNTRY, PROFILE
from adapters.cn.promise import NOT_CARRIED
from adapters.cn.reader import read
from adapters.cn.reply import acknowledged, answer
from adapters.cn.rules import RULES
from adapters.cn.writer import write
from adapters.kit.contract import Adapter

_HERE = Path(__file__).parent

ADAPTER = Adapter(
    country=COUNTRY,
    name=PROFILE["name"],
    language=PROFILE["language"],
    read=read,
    write=write,
    answer=answer,
    acknowledged=acknowledged,
    rules=RULES,
    texts=_HERE / "texts",
    not_carried=NOT_CARRIED,
    examples=_HERE / "examples",
)
