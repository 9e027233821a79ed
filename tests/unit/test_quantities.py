"""Dates and quantities keep what was printed, and are converted exactly."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.dates import PartialDate, Precision
from digests.pages.formatting import format_date
from digests.quantities import EnglishScale
from digests.report.audit import Verdict, audit, share_amount
from digests.report.library import Library
from digests.report.loading import load_pack
from digests.text import Language
from tests.unit.invented_pack import METRICS, write_pack

PACK = Path(__file__).parents[2] / "data" / "henan-cbec-2023"


@pytest.fixture(scope="module")
def library() -> Library:
    return Library([load_pack(PACK)])


@pytest.mark.parametrize(
    ("observation", "zh", "en"),
    [
        ("cbec-volume-2021", "2018.3亿元", "CNY 201.83 billion"),
        ("cbec-volume-2014", "不足1亿元", "less than CNY 100 million"),
        ("cbec-cumulative", "6408.8亿元", "CNY 640.88 billion"),
        ("core-area-scale", "超500亿元", "over CNY 50 billion"),
        ("fund-2017", "1亿元/年", "CNY 100 million a year"),
        ("core-area-linked", "4万余家", "more than 40,000 firms"),
        ("core-area-products", "近22万种", "nearly 220,000 kinds"),
        ("core-area-consumers", "5000余万", "more than 50 million"),
        ("talent-gap", "450 万", "4.5 million people"),
        ("postage-above", "20%-25%左右", "about 20–25%"),
        ("parcels-a-day", "日均1000万包", "10 million parcels a day"),
        ("trade-rank-start", "第12位", "No. 12"),
        ("core-area-size", "10.51平方公里", "10.51 square kilometres"),
        ("brands-turnover", "超亿元", "over CNY 100 million"),
        ("trade-growth-total", "超1.5倍", "over 150%"),
    ],
)
def test_a_figure_is_worded_as_printed_and_converted_exactly(
    library: Library, observation: str, zh: str, en: str
) -> None:
    quantity = library.observation(observation).quantity
    unit = library.unit(quantity.unit)
    assert quantity.word(Language.ZH, unit) == zh
    assert quantity.word(Language.EN, unit) == en


@pytest.mark.parametrize(
    ("rule", "verdict", "value"),
    [
        ("audit-trade-growth", Verdict.CONSISTENT, "1.511"),
        ("audit-trade-rate", Verdict.INCONSISTENT, "10.77"),
        ("audit-cbec-rate", Verdict.CONSISTENT, "196.58"),
        ("audit-alibaba-sum", Verdict.CONSISTENT, "49.1"),
        ("audit-parks-sum", Verdict.CONSISTENT, "40"),
        ("audit-city-remainder", Verdict.COMPUTED, "36.16"),
        ("audit-earlier-years", Verdict.COMPUTED, "4390.5"),
        ("audit-market-order", Verdict.CONSISTENT, "None"),
        ("audit-retail-count", Verdict.CONSISTENT, "7"),
        ("audit-abstract-rate", Verdict.INCONSISTENT, "196.6"),
        ("audit-coverage", Verdict.NOT_CHECKABLE, "None"),
        ("audit-two-rates", Verdict.INCONSISTENT, "None"),
    ],
)
def test_what_the_report_states_is_recomputed(
    library: Library, rule: str, verdict: Verdict, value: str
) -> None:
    finding = next(finding for finding in audit(library.reports[0]) if finding.rule.id == rule)
    assert (finding.verdict, str(finding.recomputed)) == (verdict, value)


def test_the_amount_of_a_share_has_the_digits_of_its_total(library: Library) -> None:
    share, total = library.observation("share-zhengzhou-2021"), library.observation("cbec-volume-2021")
    assert str(share_amount(share, total)) == "1092.5"


@pytest.mark.parametrize(
    ("text", "precision", "zh", "en"),
    [
        ("2014-05-10", Precision.DAY, "2014年5月10日", "10 May 2014"),
        ("2012-08", Precision.MONTH, "2012年8月", "August 2012"),
        ("2017", Precision.YEAR, "2017年", "2017"),
        ("--08-28", Precision.DAY_OF_UNKNOWN_YEAR, "8月28日（年份未载）", "28 August (year not given)"),
    ],
)
def test_the_form_of_a_date_is_its_precision(text: str, precision: Precision, zh: str, en: str) -> None:
    value = PartialDate.parse(text)
    assert (value.precision, str(value)) == (precision, text)
    assert format_date(value, Language.ZH) == zh
    assert format_date(value, Language.EN) == en


@pytest.mark.parametrize(
    "text", ["2014-5-1", "2014-13", "2015-02-29", "--02-30", "May 2014", "", "2014-05-10T00:00"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a date: write 2014-05-10|must be in 1\.\.12|day .*range"):
        PartialDate.parse(text)


def test_a_leap_day_is_recalled_on_the_28th_in_common_years() -> None:
    leap = PartialDate.parse("2016-02-29")
    assert leap.recalled_on(2027) == date(2027, 2, 28)
    assert leap.recalled_on(2028) == date(2028, 2, 29)


@given(st.dates(min_value=date(1000, 1, 1)), st.integers(1000, 3000))
def test_a_day_is_recalled_once_in_each_later_year_and_never_before(day: date, year: int) -> None:
    recalled = PartialDate(day.year, day.month, day.day).recalled_on(year)
    assert (recalled is not None) == (year > day.year)
    assert recalled is None or (recalled.year, recalled.month) == (year, day.month)


AUDIT = """
audit:
  - id: what-is-left
    kind: difference
    title: {zh: 余下, en: What is left}
    explanation: {zh: 推算。, en: Computed.}
    inputs: [trade-2018, trade-2019]
  - id: falling
    kind: order
    title: {zh: 由大到小, en: From the largest down}
    explanation: {zh: 次序。, en: The order.}
    inputs: [trade-2018, trade-2019]
  - id: rising
    kind: order
    title: {zh: 由小到大, en: From the smallest up}
    explanation: {zh: 次序。, en: The order.}
    inputs: [trade-2019, trade-2018]
"""
EARLIER = """      - id: trade-2018
        quantity: {printed: 50亿元, value: "50", unit: yi}
        period: {basis: stated, start: "2018", end: "2018"}
        source: {section: growth, evidence: [worth over 3.50亿元]}
"""


def test_what_states_nothing_is_computed_and_an_order_is_held(tmp_path: Path) -> None:
    pack = write_pack(tmp_path, metrics=METRICS + EARLIER)
    (pack / "audit.yaml").write_text(AUDIT, encoding="utf-8")
    found = {finding.rule.id: (finding.verdict, finding.recomputed) for finding in audit(load_pack(pack))}
    assert found == {
        "what-is-left": (Verdict.COMPUTED, Decimal("46.50")),
        "falling": (Verdict.CONSISTENT, None),
        "rising": (Verdict.INCONSISTENT, None),
    }


@pytest.mark.parametrize(
    ("printed", "en"),
    [("1.5", "150%"), ("1.511", "151.1%"), ("2.60", "260%"), ("0.125", "12.5%"), ("12", "1,200%")],
)
def test_a_conversion_by_a_power_of_ten_adds_no_digits(printed: str, en: str) -> None:
    scale = EnglishScale(times="100", form="{n}%")
    assert scale.word(Decimal(printed), None) == en


@pytest.mark.parametrize(
    ("rule", "number", "printed"),
    [
        ("audit-trade-rate", ((Decimal("2.5") ** (Decimal(1) / 9)) - 1) * 100, "10.717%"),
        ("audit-abstract-rate", Decimal("2018.3") / Decimal("1.353") ** 7, "243.2亿元"),
        ("audit-earlier-years", Decimal("6408.8") - Decimal("2018.3"), "4390.5亿元"),
        ("audit-earlier-years", sum(Decimal("2.9658") ** n for n in range(8)), "3044.5亿元"),
        ("audit-city-remainder", Decimal("2018.3") * Decimal("0.3616"), "729.8亿元"),
        ("audit-city-remainder", Decimal("36.16") / Decimal("9.71"), "3.7倍"),
        ("audit-coverage", Decimal(300) / 16, "18.75%"),
        ("audit-coverage", Decimal(300) / 17, "17.65%"),
        ("audit-coverage", Decimal(300) / 18, "16.67%"),
        ("audit-clearance", Decimal(10_000_000) / 86400, "115.7包"),
        ("audit-clearance", Decimal(500 * 86400) / 10000, "4320万单"),
    ],
)
def test_what_an_explanation_computes_is_right(
    library: Library, rule: str, number: Decimal, printed: str
) -> None:
    explanation = next(each.explanation.zh for each in library.reports[0].audit if each.id == rule)
    digits = printed.rstrip("%亿元倍包万单")
    assert printed in explanation
    assert number.quantize(Decimal(1).scaleb(-len(digits.partition(".")[2])), ROUND_HALF_UP) == Decimal(
        digits
    )


@pytest.mark.parametrize(("printed", "worded"), [("10.0", "10.0"), ("6408.80", "6,408.80"), ("7", "7")])
def test_what_is_not_converted_keeps_the_digits_that_were_printed(printed: str, worded: str) -> None:
    assert EnglishScale(form="{n}").word(Decimal(printed), None) == worded
