"""Whether the two languages of a text say the same: its numbers, its qualifiers, its negations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digests.report.checks import Complaint, walk
from digests.report.model import Report
from digests.report.review.numbers import chinese_numbers, english_numbers
from digests.text import Text

#: What readers of a report are not told: the names of units, and what the pack itself once had wrong.
_NOT_TOLD = ("units", "errata")
#: Chinese words that bound or soften a statement, and what renders them in English.
_HEDGES: tuple[tuple[str, str], ...] = (
    (r"大部分|大多|多属|多从|多采用|多以", r"most|main|chief|largely"),
    (r"较(?=[高低少多小大弱强快差])", r"rather|relatively|quite|comparatively"),
    (r"基本", r"basic|largely|all but"),
    (r"仅|只有|只写|只给|只说|只点", r"only|just|alone|without"),
    (r"普遍", r"general"),
    (r"一定程度", r"to some extent|to a certain"),
    (r"日益", r"increasing|ever |more and more"),
    (r"逐步", r"gradual|step by step|in steps|stages"),
    (r"(?:超|超过)\s*\d", r"over|exceed|above|more than"),
    (r"近\s*\d", r"near|almost|close to"),
    (r"不足\s*\d", r"less than|under|below|short of"),
    (r"约\s*\d|\d[^，。；\s]{0,4}左右", r"about|around|approx"),
    (r"\d[万亿]?[余多](?!次)", r"more than|over"),
)
_NOT_NEGATIONS = re.compile(r"不断|不仅|不同|不久|不超过|不少于|无纸|未来|不足")
_CHINESE_NEGATION = re.compile(r"不|未|没有|无|去|并非|尚待|缺|失衡|除.{1,12}外|以外|尚|有待|倒闭|乏")
_PLAIN_CHINESE_NEGATION = re.compile(r"不|未|没有|无法|并非")
_PLAIN_ENGLISH_NEGATION = re.compile(
    r"\b(?:not|no(?!\.)|nor|neither|never|none|nothing|without|cannot)\b", re.IGNORECASE
)
_ENGLISH_NEGATION = re.compile(
    r"\b(?:not|no|nor|neither|never|none|nothing|without|cannot|lack\w*|missing|absent|few\w*|little|hardly|"
    r"hard\b|weak\w*|poor\w*|unless|beyond|outside|too|less|yet to|un(?:even|certain|clear|known|stated)\w*|"
    r"in(?:sufficient|complete)\w*|im(?:possible|balance)\w*|want|only|out of|apart from|rarely|still|"
    r"need\w*|gap|short\w*|differ\w*)\b",
    re.IGNORECASE,
)


def compare_languages(report: Report) -> Iterator[Complaint]:
    """Each text whose English has other numbers, qualifiers or negations than its Chinese."""
    for path, model in walk(report):
        if isinstance(model, Text) and path[0] not in _NOT_TOLD:
            for rule, message in compare(model):
                yield path, rule, message


def compare(text: Text) -> Iterator[tuple[str, str]]:
    """The rule and the message of each thing that one language of a text says and the other does not."""
    yield from _numbers(text)
    yield from _hedges(text)
    yield from _negations(text)


def _numbers(text: Text) -> Iterator[tuple[str, str]]:
    chinese, english = chinese_numbers(text.zh), english_numbers(text.en)
    for number in sorted(chinese.exact - english.all):
        if number * 100 not in english.all:
            yield "numbers", f"{number.normalize():f} stands in zh and not in en"
    # 1.5 times is 150 %, in either direction
    for number in sorted(english.exact - chinese.all):
        if number / 100 not in chinese.all:
            yield "numbers", f"{number.normalize():f} stands in en and not in zh"


def _hedges(text: Text) -> Iterator[tuple[str, str]]:
    unquoted = re.sub(r"[“《].*?[”》]", "", text.zh)
    for pattern, rendered in _HEDGES:
        found = re.search(pattern, unquoted)
        if found and not re.search(rendered, text.en, re.IGNORECASE):
            yield "qualifier", f"{found.group(0)!r} of zh is not in en ({rendered.replace('|', ', ')})"


def _negations(text: Text) -> Iterator[tuple[str, str]]:
    chinese = _NOT_NEGATIONS.sub("", text.zh)
    if _PLAIN_CHINESE_NEGATION.search(chinese) and not _ENGLISH_NEGATION.search(text.en):
        yield "negation", "zh denies something and en does not"
    if _PLAIN_ENGLISH_NEGATION.search(text.en) and not _CHINESE_NEGATION.search(text.zh):
        yield "negation", "en denies something and zh does not"
