"""Whoever asks gets what was asked for first, in either language; what is not there is not found."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from digests.report.library import HitKind, Library, near
from digests.report.loading import load_pack
from digests.report.model import Report
from digests.report.search import SearchResult

#: set, language, question, and the ids of which one should come first; publication/author is a statement.
QUESTIONS = tuple(
    csv.DictReader((Path(__file__).parent / "search_questions.csv").read_text("utf-8").splitlines())
)
NONSENSE = (
    *("你好", "菜单", "谢谢", "人工智能", "今天天气怎么样", "股票代码", "天空为什么是蓝色的"),
    *("https://example.com", "hello", "thanks", "hi there", "asdf qwer", "bitcoin", "zzzzqqq"),
    *("🀄", "%", "'; drop table", "", " ", "的", "the", "what is"),
)

#: What the report does not tell, though it tells of something like it.
NOT_TOLD = (
    *(
        "河南省跨境电商去年做到多大体量了",
        "新乡是不是综试区",
        "2019年河南外贸进出口是多少",
        "河南的人口有多少",
    ),
    *(
        "拼多多的市场份额",
        "龙头企业利润",
        "河南2023年跨境电商数据",
        "河南进出口商品里手机占多少",
        "上海的综试区什么时候批的",
    ),
    *("population of Henan", "foreign trade in 2019", "Pinduoduo market share", "is Xinxiang a pilot zone"),
    *(
        "how many overseas warehouses in Germany",
        "unemployment rate",
        "Henan GDP 2021",
        "Shanghai pilot zone",
    ),
)

STATEMENTS = ("author", "editor", "journal", "published", "publisher", "contact", "distribution", "summary")


@cache
def library() -> Library:
    return Library([load_pack(Path(__file__).parents[2] / "data" / "henan-cbec-2023")])


def search(words: str) -> SearchResult:
    return library().search(words, limit=10)


def first(words: str) -> str:
    hits = search(words).hits
    if not hits:
        return ""
    return f"publication/{hits[0].id}" if hits[0].kind is HitKind.PUBLICATION else hits[0].id


def ids() -> set[str]:
    (report,) = library().reports
    names = {f"publication/{name}" for name in STATEMENTS}
    names |= {place.id for place in report.places} | {kind.id for kind in report.designation_kinds}
    names |= {section.id for section in report.sections} | {rule.id for rule in report.audit}
    names |= {milestone.id for milestone in report.milestones}
    names |= {figure.id for metric in report.metrics for figure in metric.observations}
    names |= {entries.id for entries in report.lists}
    names |= {entry.id for entries in report.lists for entry in entries.entries}
    return names | {thing.id for theme in report.themes for thing in (theme, *theme.points)}


def test_every_fact_that_a_question_expects_exists() -> None:
    expected = {name for row in QUESTIONS for name in row["expected"].split()}
    assert expected - ids() == set()


@pytest.mark.parametrize("asked", sorted({row["set"] for row in QUESTIONS}))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nine_of_ten_questions_have_the_right_fact_first(asked: str, language: str) -> None:
    rows = [row for row in QUESTIONS if row["set"] == asked and row["language"] == language]
    wrong = {
        row["question"]: first(row["question"])
        for row in rows
        if first(row["question"]) not in row["expected"].split()
    }
    assert len(wrong) <= len(rows) / 10, wrong


@pytest.mark.parametrize("words", NONSENSE)
def test_what_the_report_does_not_tell_is_not_found(words: str) -> None:
    assert search(words) == SearchResult()


@pytest.mark.parametrize("words", NOT_TOLD)
def test_what_is_only_like_what_was_asked_is_no_answer(words: str) -> None:
    assert search(words).answer is None


def test_the_most_and_the_least_of_several_come_first() -> None:
    assert first("哪个进口平台份额最高") == first("biggest import platform") == "market-share-tmall"
    assert first("覆盖率最低的省") == "coverage-henan"


def test_what_is_named_counts_more_than_what_is_asked_of_it() -> None:
    assert first("how fast did cross-border e-commerce grow") in {
        "cbec-growth-results",
        "cbec-growth-abstract",
    }
    assert first("how fast is clearance") == first("通关有多快") == "orders-a-second"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("10.51", "core-area-size"),
        ("１０．５１", "core-area-size"),
        ("2018.3", "cbec-volume-2021"),
        ("201.83", "cbec-volume-2021"),
        ("6,408.8", "cbec-cumulative"),
        ("luoyang", "luoyang"),
        ("LUOYANG", "luoyang"),
        ("luo yang", "luoyang"),
        ("洛陽", "luoyang"),
        ("宛", "nanyang"),
        ("许昌", "xuchang"),
        ("许昌市", "xuchang"),
        ("许昌假发", "market-procurement"),
        ("Liege", "liege"),
        ("零费区", "mode-zero-fee"),
    ],
)
def test_a_figure_or_a_name_finds_what_it_is(words: str, expected: str) -> None:
    assert first(words) == expected


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("2021年跨境电商规模是多少", "cbec-volume-2021"),
        ("洛阳综试区哪一年批的", "luoyang-zone"),
        ("who wrote the report", "author"),
        ("how big is the talent gap", "talent-gap"),
    ],
)
def test_what_one_fact_answers_is_answered(words: str, answer: str) -> None:
    result = search(words)
    assert result.answer == result.hits[0]
    assert result.hits[0].id == answer
    assert not result.hits[0].is_near


@pytest.mark.parametrize("words", ["跨境电商年均增速", "跨境电商有哪些问题", "洛阳", "谁视察了河南", "hello"])
def test_what_several_facts_answer_has_no_single_answer(words: str) -> None:
    assert search(words).answer is None


@pytest.mark.parametrize("words", ["Zhenzhou", "综式区覆盖率", "overseas warehuose"])
def test_what_a_misspelling_finds_is_marked_as_near(words: str) -> None:
    assert search(words).hits[0].is_near


@pytest.mark.parametrize("words", ["Zhengzhou", "综试区覆盖率", "haiwaicang", "xuchang", "xǔchāng", "許昌"])
def test_another_spelling_is_no_misspelling(words: str) -> None:
    assert not search(words).hits[0].is_near


def test_a_member_comes_before_the_sum_unless_the_sum_is_asked_for() -> None:
    assert first("示范园区数量") == "parks-total"
    assert first("园区和孵化平台合计") == "parks-and-incubators-total"


def test_a_year_asked_for_comes_before_another() -> None:
    assert first("2012年外贸") == "trade-2012"
    assert first("2021年外贸") == "trade-2021"
    scores = {hit.id: hit.score for hit in library().search("2014年跨境电商规模", limit=50).hits}
    assert scores.get("cbec-volume-2021", 0) < scores["cbec-volume-2014"] / 2


def test_what_is_counted_decides_between_figures_of_one_thing() -> None:
    assert first("海外仓有多少") == first("how many overseas warehouses") == "warehouse-count"
    assert (
        first("有多少企业建了海外仓") == first("how many firms have overseas warehouses") == "warehouse-firms"
    )
    assert first("海外仓在多少个国家") == "warehouse-countries"


def test_the_first_and_the_last_of_all_are_taken_by_date() -> None:
    assert first("最早的大事") == first("earliest event") == library().milestones[0].id
    assert first("河南最近一次获批是什么时候") == "medicine-pilot-2021"


def test_the_total_counts_what_the_limit_cuts_off() -> None:
    whole, cut = library().search("海外仓", limit=100), library().search("海外仓", limit=2)
    assert cut.hits == whole.hits[:2]
    assert cut.total == len(whole.hits) > 2


def test_hits_are_told_once_and_the_same_every_time() -> None:
    hits = search("跨境电商").hits
    assert len({(hit.kind, hit.id) for hit in hits}) == len(hits)
    assert search("跨境电商").hits == hits == tuple(sorted(hits, key=lambda hit: -round(hit.score, 2)))


def test_a_long_question_is_cut() -> None:
    assert search("许昌" + "洛阳郑州" * 100_000) == search(("许昌" + "洛阳郑州" * 100)[:120])


def test_a_misspelt_name_has_near_ones() -> None:
    assert near("Luoyan", ["Luoyang", "Kaifeng"]) == ["Luoyang"]


def test_milestones_about_a_thing_are_the_same_whatever_it_is_called() -> None:
    about = {word: library().milestones_about(word) for word in ("drug", "drugs", "medicine", "药品", "藥品")}
    assert len(set(about.values())) == 1
    assert len(about["药品"]) == 3


def test_milestones_about_two_things_tell_of_both() -> None:
    assert [found.id for found in library().milestones_about("洛阳 零售进口")] == ["retail-pilot-2020"]
    assert library().milestones_about("foo") == library().milestones_about("") == ()


def test_a_glossary_may_be_left_out_and_is_kept_in_what_is_stored() -> None:
    (report,) = library().reports
    assert Report.model_validate_json(report.model_dump_json()).glossary == report.glossary != ()
    without = Library([report.model_copy(update={"glossary": ()})])
    assert (
        without.search("综试区覆盖率").hits[0].id == "coverage-henan" == first("跨境电子商务综试区的覆盖水平")
    )
    assert (
        without.search("跨境电子商务综合试验区覆盖率", limit=1).hits
        != search("跨境电子商务综合试验区覆盖率").hits
    )


def test_a_library_without_reports_finds_nothing() -> None:
    assert Library([]).search("许昌") == SearchResult()


def test_a_hit_names_its_report() -> None:
    assert {hit.report for hit in search("跨境电商").hits} == {library().reports[0].id}
