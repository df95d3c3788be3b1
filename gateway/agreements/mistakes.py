"""What is wrong in the files of agreements, in words: in English, Russian and Chinese.

Every sentence that the loader can say has its row here. What a library says of a file (TOML, the file system) is
quoted as it comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from typing_extensions import override

from gateway.agreements.agreement import LANGUAGES, Language

Place = tuple[str | int, ...]
"""Keys from the top, with positions in lists from 0."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in an agreement's file.

    Attributes:
        file: Name of the file.
        place: Where, as `written` writes it: `directions[0].recipient`; "" is the whole file.
        text: What is wrong, by language.
    """

    file: str
    place: str
    text: Mapping[Language, str]

    def said(self, language: Language) -> str:
        """File, place and sentence, in a language."""
        return ": ".join(part for part in (self.file, self.place, self.text[language]) if part)

    @override
    def __str__(self) -> str:
        return self.said("en")


def written(place: Place) -> str:
    """A place as one reads it in the file: `posts[2].offices.KG`."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in place).removeprefix(".")


def words(sentence: str, **values: object) -> Mapping[Language, str]:
    """A sentence of the table by language, with its values."""
    return {language: text.format(**values) for language, text in zip(LANGUAGES, SENTENCES[sentence], strict=True)}


SENTENCES: Mapping[str, tuple[str, str, str]] = {
    # Files
    "no-agreements": (
        "there is no agreement, so no message would be taken",
        "нет ни одного соглашения, поэтому ни одно сообщение не было бы принято",
        "没有任何协议，因此不会接收任何报文",
    ),
    "unreadable": ("it cannot be read: {why}", "файл не читается: {why}", "文件无法读取：{why}"),
    "encoding": ("it is not in UTF-8", "кодировка файла — не UTF-8", "文件编码不是 UTF-8"),
    "toml": ("it is not TOML: {why}", "это не TOML: {why}", "不是 TOML 格式：{why}"),
    # Shape
    "missing": ("this is missing", "этого поля недостаёт", "缺少此项"),
    "unknown-field": ("there is no such field", "такого поля нет", "没有此项"),
    "none-of": ("it is none of {bound}", "допускается только: {bound}", "只能是：{bound}"),
    "not-text": ("it is not a text", "это не текст", "不是文本"),
    "not-number": ("it is not a whole number", "это не целое число", "不是整数"),
    "not-decimal": ("it is not a number", "это не число", "不是数字"),
    "not-yes-or-no": ("it is neither true nor false", "допускается только true или false", "只能是 true 或 false"),
    "not-date": (
        "it is not a date, such as 2026-01-31",
        "это не дата (например, 2026-01-31)",
        "不是日期（例如 2026-01-31）",
    ),
    "not-list": ("it is not a list", "это не список", "不是列表"),
    "not-list-or-any": (
        'it is neither a list of codes nor "any"',
        "допускается список кодов или «any»",
        "应为代码列表或 “any”",
    ),
    "not-table": ("it is not a table", "это не таблица", "不是表"),
    "too-few": ("at least {bound} are needed", "требуется не менее {bound}", "至少需要 {bound} 项"),
    "too-short": (
        "it has fewer characters than {bound}",
        "число знаков меньше {bound}",
        "少于 {bound} 个字符",
    ),
    "too-long": ("it has more characters than {bound}", "число знаков больше {bound}", "超过 {bound} 个字符"),
    "pattern": (
        "it is not written as it must be ({bound})",
        "недопустимая запись (требуется {bound})",
        "写法不符合要求（{bound}）",
    ),
    "too-small": ("it is less than {bound}", "значение меньше {bound}", "小于 {bound}"),
    "not-more": ("it is not more than {bound}", "значение должно быть больше {bound}", "必须大于 {bound}"),
    "too-large": ("it is more than {bound}", "значение больше {bound}", "大于 {bound}"),
    "other": ("{bound}", "{bound}", "{bound}"),
    # What contradicts itself, or names what does not exist
    "ends-before": (
        "it ends before it begins on {begins}",
        "срок истекает раньше, чем начинается ({begins})",
        "失效日期早于生效日期 {begins}",
    ),
    "no-text": (
        "there is no text in this language",
        "на этом языке нет текста",
        "没有该语言的文本",
    ),
    "no-party": ("{party} is not one of the parties", "{party} не является участником", "{party} 不是协议方"),
    "no-country": (
        "{code} is not the code of a country",
        "{code} — не код страны",
        "{code} 不是国家代码",
    ),
    "idle": (
        "{party} is a party and neither sends nor receives anything",
        "{party} — участник, который ничего не отправляет и не получает",
        "{party} 是协议方，却既不发送也不接收",
    ),
    "repeated": (
        "{value} is listed {times} times",
        "{value} указано несколько раз ({times})",
        "{value} 列出了 {times} 次",
    ),
    "not-in-list": (
        "{code} is not in the code list {codelist}",
        "кода {code} нет в справочнике {codelist}",
        "代码表 {codelist} 中没有 {code}",
    ),
    "to-self": ("nobody sends to themselves", "участник не отправляет сообщений самому себе", "不能向自己发送"),
    "no-code": (
        "no code is listed, so no such message could be sent",
        "не указан ни один код, поэтому такие сообщения нельзя отправить",
        "未列出任何代码，因此无法发送此类报文",
    ),
    "no-function": (
        "no {kind} has the function {code}; there are {known}",
        "у сообщений «{kind}» нет функции {code}; есть {known}",
        "“{kind}”报文没有功能代码 {code}；可用：{known}",
    ),
    "no-event": (
        "{code} is no kind of border event; there are {known}",
        "{code} — не вид события на границе; есть {known}",
        "{code} 不是边境事件种类；可用：{known}",
    ),
    "own-event": (
        "{code} is the gateway's own and goes with every agreement; it is not listed",
        "{code} сообщает сам шлюз по любому соглашению; в список оно не включается",
        "{code} 由网关自行发送，适用于所有协议，无需列出",
    ),
    "nothing-leaves": (
        "nothing of {document} may leave the country",
        "ничто из {document} не подлежит передаче за пределы страны",
        "{document} 的任何内容均不得向境外传输",
    ),
    "no-lead-time": (
        "this mode is agreed and has no lead time",
        "вид транспорта согласован, но срок для него не установлен",
        "已约定该运输方式，但未规定提前时限",
    ),
    "mode-not-agreed": (
        "this mode is not one of the agreement's",
        "такой вид транспорта соглашением не предусмотрен",
        "协议未约定该运输方式",
    ),
    "latest-before-earliest": (
        "the latest moment lies before the earliest",
        "самый поздний срок наступает раньше самого раннего",
        "最迟时限早于最早时限",
    ),
    "office-twice": (
        "the office {office} stands for another post too: {others}",
        "таможенный орган {office} указан и для другого пункта пропуска: {others}",
        "海关 {office} 同时属于另一口岸：{others}",
    ),
    "closed-opens": (
        "a post that is not active has no first day",
        "у закрытого пункта пропуска нет даты открытия",
        "未启用的口岸不应有开通日期",
    ),
    "one-side": (
        "a post needs the offices of two parties, one on each side",
        "для пункта пропуска нужны таможенные органы двух участников, по одному с каждой стороны",
        "口岸须有两个协议方的海关，每侧一个",
    ),
    "no-office": (
        "there is no office of {party}, so nothing could pass there",
        "нет таможенного органа {party}, поэтому перемещение здесь невозможно",
        "没有 {party} 的海关，因此无法在此通行",
    ),
    "no-codelist": ("there is no such code list", "такого справочника нет", "没有此代码表"),
    "edition": (
        "the edition {edition} is not carried; it is {carried}",
        "редакции «{edition}» здесь нет; имеется «{carried}»",
        "未收录版本“{edition}”；收录的是“{carried}”",
    ),
    "no-element": ("there is no element {path}", "элемента {path} нет", "没有元素 {path}"),
    "covered": (
        "{path} is covered by {above} already",
        "{path} уже входит в {above}",
        "{path} 已包含在 {above} 中",
    ),
    "asked-not-permitted": (
        "{path} is asked for and may not leave the country",
        "{path} требуется, но не подлежит передаче за пределы страны",
        "{path} 为必填项，却不得向境外传输",
    ),
    "needed-not-permitted": (
        "{path} may not leave the country, and no {kind} can be without it",
        "{path} не подлежит передаче за пределы страны, а без него сообщение «{kind}» невозможно",
        "{path} 不得向境外传输，而“{kind}”报文不能缺少它",
    ),
    "nothing-seen": (
        "nothing says what {party} is permitted to see",
        "не указано, что вправе видеть {party}",
        "未说明 {party} 可查看的内容",
    ),
    "no-recipient": (
        "{party} is no recipient on this way",
        "{party} не является получателем на этом маршруте",
        "{party} 不是该路线上的接收方",
    ),
    "against-the-way": (
        "a declaration from {sender} to {recipient} goes against the way",
        "декларация от {sender} к {recipient} идёт против маршрута",
        "由 {sender} 发往 {recipient} 的申报与路线方向相反",
    ),
    "not-permitted-as-a-whole": (
        "{path} is not permitted by the agreement as a whole",
        "{path} не разрешён соглашением в целом",
        "协议整体不允许传输 {path}",
    ),
    "asked-not-on-leg": (
        "{path} is asked for and not permitted on this leg",
        "{path} требуется, но на этом участке не разрешён",
        "{path} 为必填项，但该运输段不允许",
    ),
    "no-sealer": (
        "{role} is nobody who affixes seals; {known} are known",
        "{role} — не тот, кто налагает пломбы; известны {known}",
        "{role} 不是施封方；可用：{known}",
    ),
    # Several files
    "on-file": ("{version} is in {file} too", "{version} есть и в файле {file}", "{version} 也在文件 {file} 中"),
    "followed": (
        "version {version} follows on {day}, so this one ends",
        "с {day} действует версия {version}, поэтому у этой должен быть срок окончания",
        "版本 {version} 自 {day} 起生效，因此本版本须有失效日期",
    ),
    "same-day": (
        "version {version} begins on the same day, so nobody can tell which one is the newer",
        "версия {version} вступает в силу в тот же день, поэтому неясно, какая из них новее",
        "版本 {version} 于同一天生效，无法判断哪个更新",
    ),
}
"""English, Russian, Chinese; values are filled in."""
