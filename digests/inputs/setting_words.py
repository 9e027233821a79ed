"""A free sentence split into the settings that it names, the longest match first; the rest is told back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from digests.inputs import InputError
from digests.inputs.dates import DateKind, RangeInput, find_when, read_pause
from digests.inputs.dates.calendar_dates import MONTH_NAME
from digests.inputs.dates.reading import offering_pauses
from digests.inputs.normalize import is_han, line, name_key, nearest, normalize
from digests.inputs.times import find_cadence, find_time
from digests.inputs.zones import zones_alike
from digests.text import Language

#: What a reader makes of a piece of text: its value, or None when it is not of its kind. It may raise
#: InputError when it is of its kind and wrong.
Reader = Callable[[str], object | None]

#: Bounds of the work: of one setting, of one without a number, and of a sentence.
_MOST_PIECES, _MOST_WORDS, _MOST_CHARACTERS = 15, 8, 48
_MOST_READ, _MOST_SUGGESTIONS = 48, 3
#: A part of the day that says how often, too: the two are told apart before the sentence is split.
_EVERY_PART = re.compile(
    r"\b(?:every|each) (?P<part>morning|afternoon|evening|night)(?: at)? (?P<hour>\d[\d:.]*(?: ?[ap]m)?)",
    re.IGNORECASE,
)
_NUMERALS = frozenset("0123456789零一二两三四五六七八九十")
_SUGGESTED, _ALIKE = 3, 70.0
_PIECE = re.compile(r"[\u3400-\u9fff]|[^\s,;、。|:=@\u3400-\u9fff][^\s,;、。|=@\u3400-\u9fff]*")
#: Words that say nothing by themselves.
_FILLERS = (
    "at on in every each to the and of for please set change send me my with time timezone zone post posts "
    "digest digests update updates around by is be it i want would like make from now as use language "
    "请 在 于 到 和 与 的 并 把 为 改为 改成 设为 设置 设置为 设成 调到 推送 发送 发 时间 时区 频率 语言 "
    "我 想 要 用 时 每 改 设 给 通知 我要 我想 一次 收到 接收 更新 吧 谢谢 地 里 上"
)
FILLERS = frozenset(_FILLERS.split())
_LANGUAGES = {
    Language.ZH: "zh zhcn zhhans zhhant zhtw zhhk chinese mandarin "
    "中文 汉语 简体中文 简体 繁体中文 繁体 中 华语 普通话 国语",
    Language.EN: "en engb enus english 英文 英语 英",
}
_LANGUAGE_WORDS = {word: language for language, words in _LANGUAGES.items() for word in words.split()}
#: What stands before or behind the name of a setting, and whether it turns it on.
_TURNED = (
    (
        r"(?:no|not|without|disable|turnoff|stop|hide|dont|noneof|不要?|无|关闭?|关掉|取消|别|停用|禁用|去掉|没有)(.+)",
        False,
    ),
    (r"(.+?)(?:isoff|off|no|false|disabled|关闭?|关掉|停用|禁用|否)", False),
    (r"(?:with|enable|turnon|show|do|use|开启?|打开|启用|要|有|显示)(.+)", True),
    (r"(.+?)(?:ison|on|yes|true|enabled|开启?|打开|启用|是)", True),
)
_PAUSE = re.compile(r"^(?:pause[ds]?|暂停|停|until|till|stop until|直到)\b ?|^(?:暂停|停到|直到|停)")
#: A month without posts, in other words than a pause.
_SILENT_MONTH = re.compile(
    rf"^(?:no|stop|without) ?(?:posts?|digests?)? ?(?:in|for|during)? ?(?P<a>(?:{MONTH_NAME})(?: ?\d{{4}})?)$"
    r"|^在?(?P<b>.+月)份?(?:暂停|停发|停|不推送|不发|别发)(?:推送)?$"
)
_DAY_WITHOUT_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}")
_RESUMED = re.compile(r"(?:恢复|继续|resume)$|^(?:resume|continue)(?: on| from)? ")
_RESUMING = "resume unpause continue 恢复 继续 取消暂停 结束暂停 恢复推送 继续推送"
_RESUME = frozenset(_RESUMING.split())


@dataclass(frozen=True, slots=True)
class SettingWord:
    """A piece of the sentence that a reader understood: the reader's name, its value, and the text."""

    setting: str
    value: object
    text: str


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A piece that no reader understood; ``problem`` says what is wrong with it if its kind is known."""

    text: str
    near: tuple[str, ...] = ()
    problem: InputError | None = None


@dataclass(slots=True)
class SettingWords:
    """What a sentence says, in its order."""

    known: list[SettingWord] = field(default_factory=list)
    unknown: list[UnknownWord] = field(default_factory=list)


def split_settings(text: str, readers: Mapping[str, Reader], vocabulary: Iterable[str] = ()) -> SettingWords:
    """Split a sentence by *readers*, the first one winning; *vocabulary* are words to suggest for slips.

    Cities of several words and Chinese without blanks are read: ``每天9点上海``,
    ``weekly, fri 8pm Kuala Lumpur``. What is unknown is left out and the other words survive.
    """
    sentence = _EVERY_PART.sub(r"every day, \g<hour> in the \g<part>", line(text))
    splitter = _Splitter(re.sub("每(?=[早晚])", "每天", sentence), readers, tuple(vocabulary))
    splitter.split()
    return splitter.found


def find_language(text: str) -> Language | None:
    """The language that a text names, or None: ``zh``, ``English``, ``简体中文``, ``language en``."""
    key = name_key(text)
    return _LANGUAGE_WORDS.get(key) or _LANGUAGE_WORDS.get(re.sub(r"^(?:language|语言)|版$", "", key))


def find_switch(text: str, names: Iterable[str]) -> bool | None:
    """Whether a text turns *names* on or off: ``pin``, ``no pin``, ``置顶关``, ``不置顶``; else None."""
    key, keys = name_key(text), {name_key(name) for name in names}
    if key in keys:
        return True
    for pattern, is_on in _TURNED:
        match = re.fullmatch(pattern, key)
        if match and match[1] in keys:
            return is_on
    return None


def find_time_setting(text: str) -> object | None:
    """A time of day that does not begin with how often: that is a setting of its own."""
    plain = normalize(text)
    if _NUMERALS.issuperset(plain) and not plain.isdecimal():
        return None  # 两 of 两天 is no hour
    begins = (plain[:n] for n in range(2, len(plain)) if is_han(plain[0]) or plain[n] == " ")
    return None if any(find_cadence(begin) is not None for begin in begins) else find_time(text)


def find_pause(text: str, today: date) -> date | None:
    """The day until which posts pause: a day, or more loosely behind "pause" or "until"; else None.

    Raises:
        InputError: it is shaped like one, but there is no such day or it is out of bounds.
    """
    plain = normalize(text)
    if silent := _SILENT_MONTH.match(plain):
        return read_pause(silent["a"] or silent["b"], today)
    if _PAUSE.match(plain) and _PAUSE.sub("", plain):
        return read_pause(plain, today)
    dated = _RESUMED.sub("", plain).strip()
    if not dated or _DAY_WITHOUT_YEAR.fullmatch(dated):
        return None
    with offering_pauses(today):
        found = find_when(dated, today)
    if found is None or isinstance(found, RangeInput):
        return None
    is_day = found.kind in {DateKind.DAY, DateKind.DAY_OF_ANY_YEAR}
    return read_pause(dated, today) if is_day else None


def is_resume(text: str) -> bool | None:
    """True for a word that ends a pause, else None."""
    return True if name_key(text) in _RESUME else None


class _Splitter:
    """One sentence on its way through the readers."""

    def __init__(self, sentence: str, readers: Mapping[str, Reader], vocabulary: tuple[str, ...]) -> None:
        self.found = SettingWords()
        self._sentence = sentence
        self._pieces = [(found.start(), found.end()) for found in _PIECE.finditer(sentence)]
        self._readers = readers
        self._vocabulary = vocabulary
        self._rest: int | None = None  # where what is not understood begins

    def split(self) -> None:
        at = 0
        while at < min(len(self._pieces), _MOST_READ):
            at += self._step(at)
        if at < len(self._pieces) and self._rest is None:
            self._rest = self._pieces[at][0]
        self._close(len(self._sentence))

    def _step(self, at: int) -> int:
        """Read the longest match at a piece; how many pieces it takes."""
        start = self._pieces[at][0]
        count, word = self._longest(at)
        if not count or (isinstance(word, SettingWord) and self._belongs_to_rest(word)):
            self._rest = start if self._rest is None else self._rest
            return count or 1
        self._close(start)
        if isinstance(word, SettingWord):
            self.found.known.append(word)
        elif word is not None:
            self.found.unknown.append(word)
        return count

    def _belongs_to_rest(self, word: SettingWord) -> bool:
        """Whether a word only ends a misspelt name: the York of “Nwe York” is not meant."""
        if self._rest is None or word.text[0].isdecimal() or is_han(word.text[0]):
            return False
        begin = self._sentence.index(word.text, self._rest)
        rest, whole = self._sentence[self._rest : begin], self._sentence[self._rest : begin + len(word.text)]
        return not zones_alike(rest) and bool(zones_alike(whole))

    def _longest(self, at: int) -> tuple[int, SettingWord | UnknownWord | None]:
        """How many pieces the longest match takes, and what it is; 0 when there is none."""
        problem: tuple[int, UnknownWord] | None = None
        for count, text in self._windows(at):
            if text.casefold() in FILLERS:
                return problem or (count, None)
            for setting, reader in self._readers.items():
                try:
                    value = reader(text)
                except InputError as error:
                    problem = problem or (count, UnknownWord(text, error.near, error))
                    continue
                if value is not None:
                    return count, SettingWord(setting, value, text)
        return problem or (0, None)

    def _windows(self, at: int) -> Iterator[tuple[int, str]]:
        start = self._pieces[at][0]
        for count in range(min(_MOST_PIECES, len(self._pieces) - at), 0, -1):
            text = self._sentence[start : self._pieces[at + count - 1][1]].rstrip(":=")
            is_short = count <= _MOST_WORDS or not _NUMERALS.isdisjoint(text)
            if text.isdecimal() and self._is_counted(at + count - 1):
                continue
            if (is_short and len(text) <= _MOST_CHARACTERS) or count == 1:
                yield count, text

    def _is_counted(self, at: int) -> bool:
        """Whether a Chinese character follows a piece at once: the 2 of 2天 stands not for itself."""
        return self._sentence[self._pieces[at][1] :][:1] > "\u3400"

    def _close(self, end: int) -> None:
        """Tell what was not understood up to *end*, with what may have been meant."""
        if self._rest is None:
            return
        text = self._sentence[self._rest : end].strip(" ,;、。|:=")
        near: tuple[str, ...] = ()
        if len(self.found.unknown) < _MOST_SUGGESTIONS and len(text) <= _MOST_CHARACTERS:
            near = tuple(nearest(name_key(text), self._vocabulary, _SUGGESTED, _ALIKE)) or zones_alike(text)
        self.found.unknown.append(UnknownWord(text, near))
        self._rest = None
