"""Problem documents (RFC 9457) of both ports, in the working languages.

`title` is English; `titles` holds the same sentence in every working language; `detail` says what was wrong
this time.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse

from mock_nsw.national import Texts

_TITLES: Mapping[int, Texts] = {
    400: {
        "en": "The document cannot be read",
        "ru": "Документ невозможно прочитать",
        "zh": "报文无法读取",
    },
    401: {
        "en": "The bearer token is missing or wrong",
        "ru": "Токен доступа отсутствует или неверен",
        "zh": "缺少访问令牌或令牌错误",
    },
    404: {
        "en": "There is no such thing in this window",
        "ru": "В этой системе такого нет",
        "zh": "本窗口无此内容",
    },
    409: {
        "en": "The window holds something that stands against it",
        "ru": "Запрос противоречит тому, что уже хранится в системе",
        "zh": "请求与本窗口已保存的内容相冲突",
    },
    413: {
        "en": "The body is too large",
        "ru": "Тело запроса слишком велико",
        "zh": "请求内容过大",
    },
    422: {
        "en": "The request is not understood",
        "ru": "Запрос не распознан",
        "zh": "请求内容有误",
    },
    500: {
        "en": "The window failed",
        "ru": "Внутренняя ошибка системы",
        "zh": "系统内部错误",
    },
    502: {
        "en": "The adapter did not answer",
        "ru": "Адаптер не ответил",
        "zh": "适配器未答复",
    },
    503: {
        "en": "The window is down; repeat later",
        "ru": "Система временно недоступна; повторите позже",
        "zh": "系统暂不可用，请稍后重试",
    },
}


def problem(status: int, detail: str = "", headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A problem document for a status this module knows."""
    titles = _TITLES[status]
    content = {"type": "about:blank", "status": status, "title": titles["en"], "titles": titles}
    if detail:
        content["detail"] = detail
    return JSONResponse(content, status, headers=headers, media_type="application/problem+json")
