"""What can be made to go wrong in a mock window, by name.

A fault is switched on at the control port and does exactly what its row says until it is switched off, or
for a number of times that was asked for. Nothing goes wrong by chance. The ports look here; they do not
know who switched a fault on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from mock_nsw.national import Texts


class Fault(StrEnum):
    """The names of the faults."""

    DOWN = "down"
    SERVER_ERROR = "server-error"
    REFUSE_CONNECTION_MIDWAY = "refuse-connection-midway"
    SLOW = "slow"
    GARBAGE_REPLY = "garbage-reply"
    TRUNCATED_REPLY = "truncated-reply"
    NO_DECISION = "no-decision"
    DUPLICATE_DECISION = "duplicate-decision"
    WRONG_REFERENCE_IN_DECISION = "wrong-reference-in-decision"


DESCRIPTIONS: Mapping[Fault, Texts] = {
    Fault.DOWN: {
        "en": "Every document is answered with 503; nothing is stored",
        "ru": "На каждый документ ответ 503; ничего не сохраняется",
        "zh": "对每份报文答复503，不保存任何内容",
    },
    Fault.SERVER_ERROR: {
        "en": "Every document is answered with 500; nothing is stored",
        "ru": "На каждый документ ответ 500; ничего не сохраняется",
        "zh": "对每份报文答复500，不保存任何内容",
    },
    Fault.REFUSE_CONNECTION_MIDWAY: {
        "en": "The document is stored, then the connection is closed without an answer",
        "ru": "Документ сохраняется, затем соединение закрывается без ответа",
        "zh": "报文已保存，但连接在答复前关闭",
    },
    Fault.SLOW: {
        "en": "The document is stored, and its answer is held back for `seconds`",
        "ru": "Документ сохраняется, ответ задерживается на `seconds` секунд",
        "zh": "报文已保存，答复延迟`seconds`秒",
    },
    Fault.GARBAGE_REPLY: {
        "en": "The document is stored, and the answer is 200 with bytes that are no document",
        "ru": "Документ сохраняется, ответ 200 содержит байты, не являющиеся документом",
        "zh": "报文已保存，答复为200，但内容不是报文",
    },
    Fault.TRUNCATED_REPLY: {
        "en": "The document is stored, and the connection is closed after half of the answer",
        "ru": "Документ сохраняется, соединение закрывается после половины ответа",
        "zh": "报文已保存，答复传送一半后连接关闭",
    },
    Fault.NO_DECISION: {
        "en": "What is received is acknowledged, but the window never decides by itself",
        "ru": "Получение подтверждается, но система сама не принимает решения",
        "zh": "确认收到，但系统不自动作出决定",
    },
    Fault.DUPLICATE_DECISION: {
        "en": "Every decision is handed to the adapter twice, the same bytes",
        "ru": "Каждое решение передаётся адаптеру дважды, байт в байт",
        "zh": "每项决定以相同字节向适配器发送两次",
    },
    Fault.WRONG_REFERENCE_IN_DECISION: {
        "en": "Every decision names a document that was never received",
        "ru": "Каждое решение ссылается на документ, который не поступал",
        "zh": "每项决定均引用从未收到的报文",
    },
}


@dataclass(frozen=True, slots=True)
class FaultSettings:
    """How a fault is switched on.

    Attributes:
        times: How often it strikes before it switches itself off; `None` is until switched off.
        seconds: For `slow`, how long the answer is held back.
    """

    times: int | None = None
    seconds: float = 5.0


class Faults:
    """The faults that are on in one window."""

    def __init__(self) -> None:
        self._on: dict[Fault, FaultSettings] = {}

    def switch_on(self, fault: Fault, settings: FaultSettings) -> None:
        """Switch a fault on, or change how it is on."""
        self._on[fault] = settings

    def switch_off(self, fault: Fault) -> None:
        """Switch a fault off; it may be off already."""
        self._on.pop(fault, None)

    def settings(self, fault: Fault) -> FaultSettings | None:
        """How a fault is on; `None` when it is off."""
        return self._on.get(fault)

    def strikes(self, fault: Fault) -> FaultSettings | None:
        """Whether the fault strikes now, and how; each strike counts."""
        settings = self._on.get(fault)
        if settings is None or settings.times is None:
            return settings
        if settings.times <= 1:
            self.switch_off(fault)
        else:
            self._on[fault] = replace(settings, times=settings.times - 1)
        return settings
