"""How Chinese and English ask, and which sort of fact answers: a matter of language, not of a report."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Any

#: What Chinese and English call what every report has.
WORDS: dict[str, Any] = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))


class Asked(StrEnum):
    """What a question wants to know."""

    NUMBER = "number"
    COUNT = "count"
    SIZE = "size"
    RANK = "rank"
    SPEED = "speed"
    DURATION = "duration"
    WHEN = "when"
    WHO = "who"
    WHERE = "where"
    LIST = "list"
    HOW = "how"
    WHY = "why"
    EVENT = "event"
    WHETHER = "whether"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing that a question names.

    Attributes:
        terms: what says it, each with how well; empty when no fact holds it.
        weight: how much it tells, from 0 for what all facts have.
        is_near: it was misspelt.
        is_counted: the question asks how many there are of it.
        is_part: it is a part of the report: its problems, its outlook.
        is_moment: it is a date.
    """

    terms: Mapping[str, float]
    weight: float
    is_near: bool = False
    is_counted: bool = False
    is_part: bool = False
    is_moment: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed, understood.

    Attributes:
        text: the question as it is compared.
        slots: what a fact must answer to.
        asked: what the question wants to know.
        moments: the terms of the dates that it names.
        places: the ids of the places that it names.
        wants_sum: it asks for several members together.
        extreme: -1 when it asks for the first of all, 1 for the last.
        magnitude: -1 when it asks for the least of several, 1 for the most.
    """

    text: str
    slots: tuple[Slot, ...]
    asked: frozenset[Asked] = frozenset()
    moments: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    wants_sum: bool = False
    extreme: int = 0
    magnitude: int = 0


_CLASSIFIERS = "[个家座种位名项条批类所只件款次]"

#: Tried in this order; what one matches is gone for the next.
ASKING: tuple[tuple[re.Pattern[str], frozenset[Asked]], ...] = tuple(
    (re.compile(pattern), frozenset(asked))
    for pattern, asked in (
        (r"怎么样|怎么了|怎么回事|怎样了|(?:怎么|如何|怎样)(?:评价|看)|干什么的?$", ()),
        (r"怎么|如何|怎样|\bhow (?:to|can|could|should|will|does one)\b", {Asked.HOW}),
        (r"\bwhat (?:will|should)\b", {Asked.HOW}),
        (r"为什么|为何|原因|\bwhy\b|\breasons?\b", {Asked.WHY}),
        (r"多久|多长时间|\bhow long\b", {Asked.DURATION}),
        (r"(?:排名?)?第几[位名]?|排名|名次|位次|排位|\brank(?:s|ed|ing|ings)?\b", {Asked.RANK}),
        (rf"多少{_CLASSIFIERS}|几{_CLASSIFIERS}|数量|个数|总数|数目|种类|数$", {Asked.COUNT}),
        (r"\bhow many\b|\bnumbers? of\b|\b(?:you ?)?ji ?ge\b", {Asked.COUNT}),
        (r"几[年月号日]|哪一?[年月天日]|何[时年]|(?:什么|啥)时候|什么时间|\bwhen\b", {Asked.WHEN}),
        (r"\b(?:shenme ?shihou|na ?(?:yi ?)?nian)\b", {Asked.WHEN}),
        (r"时间|日期", {Asked.WHEN, Asked.DURATION}),
        (r"\b(?:what|which) (?:year|date|day|month)\b|\bdates?\b|\bsince when\b", {Asked.WHEN}),
        (r"多[大广]|面积|\bhow (?:big|large|great)\b|\bsize\b|\barea of\b", {Asked.SIZE}),
        (r"多快|\bhow (?:fast|quick(?:ly)?)\b", {Asked.SPEED}),
        (r"多少钱?|多[高低贵重强]|几[倍成]|\bhow (?:much|high|expensive)\b|\bduo ?shao\b", {Asked.NUMBER}),
        (r"谁|哪位|何人|什么人|\bwho(?:m|se)?\b", {Asked.WHO}),
        (r"哪里|哪儿|何处|什么地方|在哪(?![个些种])|\bwhere\b", {Asked.WHERE}),
        (rf"哪[些几]|哪{_CLASSIFIERS}|有什么|列出|清单|包括什么", {Asked.LIST}),
        (r"\bwhich\b|\bwhat are\b|\blist\b", {Asked.LIST}),
        (r"(?:指|做|干)?(?:的是|是)什么的?$|什么[是叫]|啥[是叫]|什么意思|含义|全称|简称", {Asked.MEANING}),
        (r"\bwhat(?:'s| is)\b|\bmean(?:s|ing)?\b|\bstands? for\b", {Asked.MEANING}),
        (r"是不是|是否|有没有|^(?:is|are|was|were|does|do|did|has|have)\b", {Asked.WHETHER}),
        (r"发生了?什么|(?:同意|批准|决定)了什么|大事|事件", {Asked.EVENT}),
        (r"\bwhat (?:happened|did)\b|\bevents?\b|\bhappened\b", {Asked.EVENT}),
    )
)  # fmt: skip

#: Chinese words that carry no meaning of their own: a run of characters ends at each.
STOP_PHRASES = re.compile(
    "请问|的人(?=是)|我?想知道|请?告诉我|关于|有关的|什么|是不是|有没有|是否|目前|现在|一共|总共|共有|存在|采取了?|成为|入选|开始|取得了?|包括|属于|数据来源|来源|出处|[的了是吗呢吧啊和与及被把]"
)
#: Characters that are dropped when no fact holds the pair they stand in, and kept in what is one (在线).
STOP_CHARACTERS = frozenset(
    "请有在对为能可将于从到以也都就还里中上下内等其该这那我你们给让做干来去过着会能要叫号成个家哪几多少占排达出当由或所共开年月日"
)
STOP_WORDS = frozenset(WORDS["stop"]["words"].split())
#: What stands between a number and what it counts: 七大体系, 三个平台.
MEASURE = re.compile(r"(?<=[一二三四五六七八九十])[大个种条项](?=[^第一二三四五六七八九十年月])")
#: Words that ask for a sum of several members.
TOTAL = re.compile(
    r"合计|加起来|共占|(?:和|与|及|,).*(?:一共|总共|共计|共占|总计|共有)"
    r"|\btogether\b|\bcombined\b|\baltogether\b|\bsum\b|\band\b.*\b(?:in all|total)\b|\btotal\b.*\band\b"
)
#: Words that ask for the first or the last of several.
FIRST_OF_ALL = re.compile(r"最早的?|最先|最初|第一次|\bearliest\b|\bvery first\b")
LAST_OF_ALL = re.compile(r"最近一?次?|最新|最晚|最后一次?|\blatest\b|\bmost recent\b|\bnewest\b|\blast\b")
#: Words that ask for the most or the least of several.
MOST = re.compile(r"最[大高多强]的?|第一大|\b(?:biggest|largest|highest|leading|most)\b")
LEAST = re.compile(r"最[小低少]的?|\b(?:smallest|lowest|least|fewest)\b")
#: What stands right behind these is the thing that is counted.
COUNTING = re.compile(rf"(?:多少|几){_CLASSIFIERS}?|\bhow (?:many|much)\b|\bnumbers? of\b")

#: For each question, which sorts of fact answer it and how much more they count.
_PREFERRED: dict[Asked, dict[str, float]] = {
    Asked.NUMBER: {"figure": 1.3},
    Asked.COUNT: {"count": 1.35, "figure": 1.1},
    Asked.SIZE: {"area": 1.5, "gap": 1.4, "figure": 1.25},
    Asked.SPEED: {"speed": 1.5, "rate": 1.45, "figure": 1.1},
    Asked.RANK: {"rank": 1.4, "figure": 0.9},
    Asked.DURATION: {"time": 1.3, "figure": 0.9},
    Asked.WHEN: {"event": 1.3, "published": 1.3, "figure": 0.7, "entry": 0.5, "status": 0.7},
    Asked.WHO: {"author": 1.3, "editor": 1.3, "publisher": 1.3, "actor": 1.15, "event": 1.0, "entry": 1.1},
    Asked.WHERE: {
        "place": 1.2, "contact": 1.2, "journal": 1.2, "publisher": 1.2, "event": 1, "entry": 1, "status": 1
    },
    Asked.LIST: {
        "list": 1.3, "status": 1.25, "theme": 1.2, "point": 1.15, "entry": 1.15, "count": 1.0, "place": 1.0
    },
    Asked.HOW: {"outlook": 1.25, "measures": 1.15, "theme": 1.1, "point": 1.1},
    Asked.WHY: {"problems": 1.15, "point": 1.1, "audit": 1.1},
    Asked.EVENT: {"event": 1.3},
    Asked.WHETHER: {"place": 1.4, "status": 1.2, "entry": 1.1},
    Asked.MEANING: {"event": 0.9, "entry": 1.05, "list": 1.05},
}  # fmt: skip
#: What counts that answers none of them.
_OTHER = 0.8
_OTHERS = {Asked.COUNT: 0.7, Asked.WHEN: 0.6, Asked.MEANING: 1.0, Asked.WHETHER: 1.0}
#: What answers a question in one line.
_ANSWERS: dict[Asked, frozenset[str]] = {
    Asked.NUMBER: frozenset({"figure"}),
    Asked.COUNT: frozenset({"figure"}),
    Asked.SIZE: frozenset({"figure"}),
    Asked.SPEED: frozenset({"speed", "rate"}),
    Asked.RANK: frozenset({"rank"}),
    Asked.DURATION: frozenset({"time"}),
    Asked.WHEN: frozenset({"event", "published"}),
    Asked.WHO: frozenset({"author", "editor", "actor"}),
    Asked.WHERE: frozenset({"contact", "journal", "place"}),
    Asked.MEANING: frozenset({"figure"}),
}


def what_is_asked(folded: str) -> frozenset[Asked]:
    """What a folded question wants to know; empty when it only names something."""
    found: set[Asked] = set()
    for pattern, asked in ASKING:
        folded, times = pattern.subn(" ", folded)
        if times:
            found |= asked
    return frozenset(found)


def without_asking(run: str) -> list[str]:
    """What remains of Chinese characters when the words that ask, and those that say nothing, are out."""
    for pattern, _ in ASKING:
        run = pattern.sub(" ", run)
    return STOP_PHRASES.sub(" ", run).split()


def preference(asked: frozenset[Asked], sorts: frozenset[str]) -> float:
    """How well a fact of these sorts suits a question; 1 when nothing particular is asked."""
    return max((_factor(one, sorts) for one in asked), default=1.0)


def _factor(asked: Asked, sorts: frozenset[str]) -> float:
    preferred = _PREFERRED[asked]
    return max((preferred[sort] for sort in sorts & preferred.keys()), default=_OTHERS.get(asked, _OTHER))


def is_answer(asked: frozenset[Asked], sorts: frozenset[str]) -> bool:
    """Whether a fact of these sorts answers in one line; a figure also when only its name was typed."""
    if not asked:
        return not sorts.isdisjoint({"figure", "publication"})
    return "publication" in sorts or any(sorts & _ANSWERS.get(one, frozenset()) for one in asked)
