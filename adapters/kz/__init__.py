"""Kazakhstan: preliminary information in and out, by road and by rail, withdrawals, and notices both ways.

`README.md` has the mapping table, what is lost each way, and how certain each part is.
"""

from pathlib import Path

from adapters.kit.contract import Adapter
from adapters.kz.losses import NOT_CARRIED
from adapters.kz.notice import acknowledged, answer
from adapters.kz.reader import read
from adapters.kz.rules import RULES
from adapters.kz.writer import write

_HERE = Path(__file__).parent

ADAPTER = Adapter(
    country="KZ",
    name="Single window of Kazakhstan",
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
