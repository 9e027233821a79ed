"""Invented reports of three sizes for tests of layouts: tiny, dense and long."""

from __future__ import annotations

from typing import Any

from digests.report.model import MilestoneKind, Report

_KINDS = [kind.value for kind in MilestoneKind]
_LONG = {
    "zh": "一个标题特别长的事件，它的名称里有许多字，一行两行都写不下，需要折成好几行才看得完整",
    "en": "An event with an uncommonly long title, Incomprehensibilities-and-Counterrevolutionaries included",
}


def text(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def source() -> dict[str, Any]:
    return {"section": "all", "evidence": [{"text": "evidence"}]}


def milestone(number: int, date: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"event-{number}",
        "date": date,
        "origin": "chronology",
        "kind": _KINDS[number % len(_KINDS)],
        "title": text(f"第{number}件事", f"Event number {number}"),
        "summary": text(f"第{number}件事发生了。", f"The event of number {number} comes about."),
        "places": ["place-0"],
        "source": source(),
        **more,
    }


def observation(id_: str, value: str, unit: str = "percent", **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "quantity": {
            "printed": f"{value}%" if unit == "percent" else f"{value}亿元",
            "value": value,
            "unit": unit,
        },
        "period": {"basis": "stated", "start": "2019", "end": "2019"},
        "source": source(),
        **more,
    }


def metric(number: int, kind: str, observations: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "id": f"metric-{number}",
        "subject": "numbers",
        "kind": kind,
        "place": "place-0",
        "name": text(f"第{number}项指标", f"Metric number {number}"),
        "observations": observations,
        **more,
    }


def report(id_: str, milestones: list[dict[str, Any]], **parts: Any) -> Report:
    return Report.model_validate(
        {
            "id": id_,
            "revision": 1,
            "name": text("某报告", "Some report"),
            "data_licence": text("公有领域", "public domain"),
            "publication": {
                "title": text("某报告", "Some report"),
                "authors": [{"name": text("某人", "Somebody")}],
                "journal": text("某刊", "Some journal"),
                "issue": text("第1期", "No. 1"),
                "published": "2020-01",
                "publisher": text("某社", "Some house"),
                "summary": text("关于某事。", "On something."),
                "evidence": [{"text": "evidence"}],
            },
            "document": {"sha256": "0" * 64, "language": "en", "note": text("全文", "full text")},
            "sections": [{"id": "all", "heading": "1. All", "number": "一", "title": text("全部", "All")}],
            "units": [
                {"id": "percent", "name": text("百分比", "per cent"), "zh": "{n}%", "en": [{"form": "{n}%"}]},
                {
                    "id": "yi",
                    "name": text("亿元", "CNY 100 million"),
                    "zh": "{n}亿元",
                    "en": [{"times": "0.1", "form": "CNY {n} billion"}],
                },
            ],
            "subjects": [{"id": "numbers", "name": text("数字", "Numbers")}],
            "places": [{"id": "place-0", "level": "city", "name": text("甲地", "Firstplace")}],
            "milestones": milestones,
            **parts,
        }
    )


def tiny() -> Report:
    """One milestone of a year, one figure."""
    return report(
        "tiny",
        [milestone(0, "2018")],
        metrics=[metric(0, "count", [observation("figure-0", "7", "yi", weight="headline")])],
    )


def dense() -> Report:
    """Sixty milestones in two years, long words, a full map, many figures with notes, large numbers."""
    months = [f"2018-{1 + n % 12:02}" for n in range(40)]
    days = [f"2019-03-{1 + n:02}" for n in range(19)]
    long = {"title": _LONG, "summary": {"zh": _LONG["zh"] * 6, "en": f"{_LONG['en']} " * 6}}
    events = [milestone(n, date, **long) for n, date in enumerate([*months, *days, "2018"])]
    places = [
        {"id": f"place-{n}", "level": "city", "name": text(f"第{n}个地方", f"Placenamelongish {n}")}
        for n in range(30)
    ]
    tiles = [
        {"name": p["name"], "column": n % 8 + 1, "row": n // 8 + 1, "place": p["id"]}
        for n, p in enumerate(places)
    ]
    kinds = [
        {"id": f"kind-{n}", "name": _LONG, "short": text("类", "kind"), "description": _LONG}
        for n in range(9)
    ]
    held = [
        {
            "id": f"held-{n}",
            "kind": f"kind-{n % 9}",
            "place": f"place-{n % 30}",
            "source": source(),
            "note": _LONG,
            **({"since": "2018-12-31"} if n % 3 else {}),
        }
        for n in range(90)
    ]
    return report(
        "dense",
        events,
        places=places,
        designation_kinds=kinds,
        designations=held,
        geography={"note": text("示意", "schematic"), "tiles": tiles},
        metrics=_many_metrics(),
        growth=[
            {"id": "growth-0", "name": _LONG, "start": "amount-0", "end": "amount-1", "years": 3},
            {
                "id": "growth-1",
                "name": _LONG,
                "start": "amount-2",
                "end": "amount-3",
                "years": 3,
                "stated_average_rate": "rate-0",
            },
        ],
    )


def _many_metrics() -> list[dict[str, Any]]:
    amounts = [observation(f"amount-{n}", f"{10 ** (3 * n)}.55", "yi", label=_LONG) for n in range(4)]
    rates = [
        observation(f"rate-{n}", str(n + 1), label=_LONG, note=text(f"注{n}", f"note {n}"), attribution=_LONG)
        for n in range(15)
    ]
    shares = [observation(f"share-{n}", "6.25", label=_LONG) for n in range(14)]
    counts = [
        metric(10 + n, "count", [observation(f"count-{n}", "123456789012.5", "yi", note=_LONG)], name=_LONG)
        for n in range(30)
    ]
    return [
        metric(0, "amount", amounts, note=_LONG),
        metric(1, "rate", rates, name=_LONG),
        metric(2, "market-share", shares),
        *counts,
    ]


def long() -> Report:
    """A hundred and fifty years, in all precisions of dates, one without a year."""
    forms = ("{year}", "{year}-07", "{year}-11-30")
    dates = [forms[n % 3].format(year=1870 + 2 * n) for n in range(76)]
    events = [milestone(n, date) for n, date in enumerate([*dates, "--08-28"])]
    figures = [
        observation(
            f"figure-{year}",
            str(year),
            "yi",
            period={"basis": "implied", "start": str(year), "end": str(year)},
        )
        for year in range(1900, 2020, 5)
    ]
    return report("long", events, metrics=[metric(0, "amount", figures)])
