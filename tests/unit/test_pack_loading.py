"""Packs are read without guesses, and refused with every problem at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from digests.pages.formatting import word_period
from digests.report.evidence import verify
from digests.report.loading import load_pack
from digests.report.model import Report, Weight
from digests.report.problems import PackError, Problem
from digests.text import Language
from tests.unit.invented_pack import DOCUMENT, METRICS, MILESTONES, REPORT, ZONES, write_pack

ROOT = Path(__file__).parents[2]
PACK = ROOT / "data" / "henan-cbec-2023"
SOURCE = ROOT.parent / "shared" / "source" / "henan-report.txt"


def problems_of(pack: Path) -> tuple[Problem, ...]:
    with pytest.raises(PackError) as refused:
        load_pack(pack)
    return refused.value.problems


def one_problem(pack: Path) -> Problem:
    (problem,) = problems_of(pack)
    return problem


def test_what_a_pack_leaves_out_takes_its_default(tmp_path: Path) -> None:
    report = load_pack(write_pack(tmp_path))
    milestone = report.milestones[0]
    assert (milestone.weight, milestone.short_title) == (Weight.NORMAL, milestone.title)
    assert (report.metrics[0].observations[0].weight, report.place) == (Weight.NORMAL, None)


def test_a_period_with_an_end_and_no_start_is_told_as_of_it(tmp_path: Path) -> None:
    metrics = METRICS.replace('start: "2019", end: "2019"', 'end: "2019"')
    period = load_pack(write_pack(tmp_path, metrics=metrics)).metrics[0].observations[0].period
    assert [word_period(period, language) for language in Language] == ["截至2019年", "as of 2019"]


def test_a_sound_pack_loads(tmp_path: Path) -> None:
    report = load_pack(write_pack(tmp_path))
    assert [milestone.id for milestone in report.milestones] == ["first-market"]


@pytest.mark.parametrize(
    ("name", "before", "after", "rule", "told"),
    [
        ("milestones", "en: The first market}", "}", "language", "missing in en"),
        ("metrics", "unit: yi}", "unit: yii}", "unknown-unit", "did you mean 'yi'?"),
        ("milestones", "[teatown]", "[teatwon]", "unknown-place", "did you mean 'teatown'?"),
        ("milestones", "[trade-2019]", "[trade-2020]", "unknown-observation", "trade-2020"),
        ("milestones", '"2018-05-03"', '"2018-02-30"', "date", "2018-02-30"),
        ("metrics", 'value: "3.50"', "value: 3.50", "unquoted", 'write "3.50"'),
        ("milestones", "en: The first market}", "en: no}", "unquoted", 'write "no"'),
        ("metrics", 'start: "2019"', "start: 2019", "unquoted", "2019"),
        ("milestones", "kind: platform", "kind: platform\n    kind: visit", "duplicate-key", "given twice"),
        ("milestones", "kind: platform", "kind: banquet", "value", "banquet"),
        ("milestones", "summary:", "summry:", "unknown-field", "did you mean 'summary'?"),
        ("metrics", "id: town-count", "id: first-market", "duplicate-id", "names two things"),
        ("metrics", "subject: trade", "subject: traid", "unknown-subject", "did you mean 'trade'?"),
        (
            "metrics",
            "printed: over 3.50亿元",
            "printed: over 3.5亿元",
            "printed",
            "does not contain the value 3.50",
        ),
        ("metrics", "printed: 12 towns", "printed: 12 t", "printed", "does not contain its unit"),
        ("metrics", "evidence: [are 12 towns]", 'evidence: [are 12 towns, "12"]', "evidence", "bare number"),
        (
            "metrics",
            "evidence: [are 12 towns]",
            "evidence: [towns]",
            "evidence",
            "no evidence contains '12 towns'",
        ),
        ("metrics", "basis: not-stated", "basis: stated", "period", "must have a start or an end"),
        ("report", "id: tea", "id: tea\nplace: teatwon", "unknown-place", "did you mean 'teatown'?"),
        ("report", "id: tea", "id: &a tea", "alias", "anchors"),
        ("milestones", "[teatown]", "[teatown", "syntax", "expected"),
    ],
)
def test_a_mistake_is_named_by_file_line_and_rule(
    tmp_path: Path, *, name: str, before: str, after: str, rule: str, told: str
) -> None:
    text = {"report": REPORT, "milestones": MILESTONES, "metrics": METRICS, "zones": ZONES}[name]
    assert before in text
    found = problems_of(write_pack(tmp_path, **{name: text.replace(before, after, 1)}))
    problem = next(problem for problem in found if problem.rule == rule)
    assert problem.file.endswith(f"{name}.yaml")
    assert told in problem.message
    assert str(problem).startswith(f"{problem.file}:{problem.line}: {rule}: ")


TILE = "    - {{column: {0}, row: 1, name: {{zh: 甲, en: A}}{1}}}\n"
MAP = "geography:\n  note: {zh: 示意, en: a sketch}\n  tiles:\n"


@pytest.mark.parametrize(
    ("tiles", "rule", "told"),
    [
        (TILE.format(1, "") + TILE.format(1, ""), "cell", "column 1, row 1 is taken"),
        (TILE.format(1, ", place: teatown") + TILE.format(2, ", place: teatown"), "place", "another tile"),
        (TILE.format(1, ", place: teatwon"), "unknown-place", "did you mean 'teatown'?"),
        (TILE.format(0, ""), "value", "column"),
    ],
)
def test_a_tile_map_is_checked_like_everything_else(tmp_path: Path, tiles: str, rule: str, told: str) -> None:
    pack = write_pack(tmp_path)
    (pack / "geography.yaml").write_text(MAP + tiles, encoding="utf-8")
    problem = one_problem(pack)
    assert (Path(problem.file).name, problem.rule) == ("geography.yaml", rule)
    assert told in problem.message


def test_a_pack_has_a_tile_map_when_it_gives_one(tmp_path: Path) -> None:
    pack = write_pack(tmp_path)
    assert load_pack(pack).geography is None
    (pack / "geography.yaml").write_text(MAP + TILE.format(1, ", place: teatown"), encoding="utf-8")
    geography = load_pack(pack).geography
    assert geography is not None
    assert geography.tiles[0].place == "teatown"


def test_the_line_is_that_of_the_mistake(tmp_path: Path) -> None:
    problem = one_problem(write_pack(tmp_path, milestones=MILESTONES.replace("[teatown]", "[elsewhere]")))
    assert MILESTONES.splitlines()[problem.line - 1].strip() == "places: [teatown]"


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    broken = MILESTONES.replace("[teatown]", "[elsewhere]").replace("[trade-2019]", "[nothing]")
    assert {problem.rule for problem in problems_of(write_pack(tmp_path, milestones=broken))} == {
        "unknown-place",
        "unknown-observation",
    }


def test_a_file_that_is_not_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    pack = write_pack(tmp_path)
    (pack / "zones.yaml").write_bytes(b"places:\n  - \xff\n")
    problem = one_problem(pack)
    assert (problem.rule, problem.line) == ("encoding", 2)


def test_a_key_that_stands_in_two_files_is_refused(tmp_path: Path) -> None:
    pack = write_pack(tmp_path)
    (pack / "more.yaml").write_text(ZONES, encoding="utf-8")
    assert one_problem(pack).rule == "duplicate-key"


def test_an_empty_folder_is_not_a_pack(tmp_path: Path) -> None:
    assert problems_of(tmp_path)[0].rule == "pack"


def test_evidence_of_an_invented_pack_holds(tmp_path: Path) -> None:
    verified = verify(load_pack(write_pack(tmp_path)), DOCUMENT.encode())
    assert verified.complaints == ()
    assert verified.strings == 5


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("[are 12 towns]", "[are 12 towns and 13 ports]", "is not in section 'towns'"),
        (
            "section: towns, evidence: [are 12 towns]",
            "section: growth, evidence: [are 12 towns]",
            "is not in section 'growth'",
        ),
        ("[are 12 towns]", "[are 12 towns, '12 ']", "2 times in section 'towns'"),
        ("[are 12 towns]", "[{text: are 12 towns, occurrence: 2}]", "only 1 times"),
    ],
)
def test_evidence_that_does_not_hold_is_named(tmp_path: Path, before: str, after: str, told: str) -> None:
    pack = write_pack(
        tmp_path,
        metrics=METRICS.replace(before, after).replace("'12 '", "'12 t', '12'").replace("'12 t', '12'", "12"),
    )
    try:
        report = load_pack(pack)
    except PackError as refused:
        assert "12" in str(refused)  # noqa: PT017 - a bare number is refused before the document is asked
        return
    complaints = verify(report, DOCUMENT.encode()).complaints
    assert any(told in message for _, _, message in complaints)


def test_another_document_is_noticed(tmp_path: Path) -> None:
    complaints = verify(
        load_pack(write_pack(tmp_path)), DOCUMENT.replace("Teatown", "x").encode() + b" "
    ).complaints
    assert [rule for _, rule, _ in complaints] == ["document"]


def test_a_footnote_between_two_pages_does_not_cut_a_sentence(tmp_path: Path) -> None:
    document = DOCUMENT.replace("In 2019 the tea trade", "In 2019 the\n1 Source: the tea ledger.\ntea trade")
    document = document.replace("12 ports.\n1 Source: the tea ledger.\n", "12 ports.\n")
    metrics = METRICS.replace("[worth over 3.50亿元]", "[the tea trade was worth over 3.50亿元]")
    verified = verify(load_pack(write_pack(tmp_path, document, metrics=metrics)), document.encode())
    assert verified.complaints == ()


@pytest.fixture(scope="module")
def henan() -> Report:
    return load_pack(PACK)


def test_the_pack_survives_a_round_trip_through_json(henan: Report) -> None:
    assert Report.model_validate_json(henan.model_dump_json()) == henan


def test_the_pack_tells_the_twenty_milestones_of_the_chronology_in_order(henan: Report) -> None:
    listed = [
        milestone.date.sort_key for milestone in henan.milestones if milestone.origin.value == "chronology"
    ]
    assert len(listed) == 20
    assert listed == sorted(listed)


needs_source = pytest.mark.skipif(
    not SOURCE.exists(), reason=f"the report's text is not beside the checkout: {SOURCE.name}"
)


@needs_source
def test_every_string_of_evidence_stands_in_the_report(henan: Report) -> None:
    verified = verify(henan, SOURCE.read_bytes())
    assert verified.complaints == ()
    assert verified.strings > 350


@needs_source
def test_a_figure_with_one_wrong_digit_is_found(henan: Report) -> None:
    document = SOURCE.read_bytes()
    for metric in henan.metrics:
        for observation in metric.observations:
            wrong = _with_another_digit(observation.source.evidence[0].text)
            if wrong is None:
                continue
            complaints = verify(
                _replacing(henan, observation.source.evidence[0].text, wrong), document
            ).complaints
            assert complaints, f"{observation.id}: {wrong!r} passed"


def _with_another_digit(text: str) -> str | None:
    position = next((n for n in range(len(text) - 1, -1, -1) if text[n].isdigit()), None)
    if position is None:
        return None
    return f"{text[:position]}{(int(text[position]) + 1) % 10}{text[position + 1 :]}"


def _replacing(report: Report, before: str, after: str) -> Report:
    return Report.model_validate_json(
        report.model_dump_json().replace(f'"text":"{before}"', f'"text":"{after}"')
    )
