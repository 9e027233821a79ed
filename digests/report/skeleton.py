"""A new pack to begin from: the smallest report that passes every check, with comments."""

from __future__ import annotations

from pathlib import Path

_REPORT = """\
# The publication, its document, and the sections that every fact names.
id: {id}
revision: 1          # raise it with every change that is published
name: {{zh: 报告简称, en: The report's short name}}
data_licence: {{zh: CC BY 4.0, en: CC BY 4.0}}
place: somewhere     # what the report is about; a figure of another place tells its own

publication:
  title: {{zh: 报告全名, en: The report's full title}}
  authors:
    - name: {{zh: 作者, en: Author}}
  journal: {{zh: 刊物, en: Journal}}
  issue: {{zh: 2024年第1期, en: "2024, No. 1"}}
  published: "2024-01"   # a date's form is its precision: "2024", "2024-01" or "2024-01-31", in quotes
  publisher: {{zh: 出版者, en: Publisher}}
  summary: {{zh: 一两句话说明报告讲什么。, en: What the report is about in a sentence or two.}}
  evidence:              # exact strings of the document
    - 报告全名

document:
  sha256: "{no_digest}"  # of the text file: sha256sum report.txt
  language: zh           # zh or en
  note: {{zh: 文本版, en: the text version}}

sections:
  - id: part-1
    heading: 一、发展历程   # the exact line that opens the section
    number: 一
    title: {{zh: 发展历程, en: Course of development}}
"""

_UNITS = """
# Units that your figures use; several packs side by side share a units.yaml in the folder above instead.
units:
  - id: items
    name: {zh: 个, en: items}
    zh: "{n}个"            # {n} is the number
    en: [{form: "{n}"}]
"""

_MILESTONES = """\
# Dated events. origin: chronology = the report lists it among its events; prose = told elsewhere.
milestones:
  - id: first-event
    date: "2020-05-10"
    origin: chronology
    kind: approval         # approval, visit, platform, policy, pilot, conference, ...
    title: {zh: 事件标题, en: The event's title}
    short: {zh: 短标题, en: Short title}   # for buttons: at most 32 columns, a Chinese character takes two
    weight: normal         # headline leads a digest; background is never told by itself
    summary: {zh: 用自己的话写一两句。, en: "One or two sentences in your own words."}
    places: [somewhere]
    observations: [parks-2020]
    source: {section: part-1, evidence: [2020年5月10日]}
"""

_METRICS = """\
# Every figure: the value as printed, its unit, its qualifier, its period, and the strings that prove it.
subjects:
  - id: parks
    name: {zh: 园区, en: Parks}
metrics:
  - id: parks-count
    subject: parks
    kind: count            # amount, rate, rank, count, area, share, market-share, fee, time, speed, ...
    name: {zh: 园区数量, en: Number of parks}
    place: somewhere
    observations:
      - id: parks-2020
        # numbers in quotes: "2.60" stays 2.60
        quantity: {printed: 超12个, value: "12", unit: items, qualifier: over}
        period: {basis: stated, end: "2020"}    # stated, implied or not-stated (then without both)
        # start and end are the same for one date; only an end means "as of"
        source: {section: part-1, evidence: [园区超12个]}
"""

_PLACES = """\
# Places that facts are about, and what they hold.
places:
  - id: somewhere
    level: province        # world, country, region, province, customs-district, city, county or area
    name: {zh: 某省, en: Some province}
"""


class FolderInUseError(ValueError):
    """The folder holds files already; a skeleton never overwrites anything."""


def write_skeleton(directory: Path) -> tuple[Path, ...]:
    """Write a commented pack into a new or empty folder; the files that were written.

    Raises:
        FolderInUseError: there is something in the folder.
    """
    if directory.exists() and any(directory.iterdir()):
        raise FolderInUseError(f"{directory} is not empty: name a new folder")
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in _files(directory).items():
        path = directory / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return tuple(written)


def _files(directory: Path) -> dict[str, str]:
    shares_units = (directory.parent / "units.yaml").exists()
    report = _REPORT.format(id=_id(directory), no_digest="0" * 64)
    return {
        "report.yaml": report if shares_units else report + _UNITS,
        "milestones.yaml": _MILESTONES,
        "metrics.yaml": _METRICS,
        "zones.yaml": _PLACES,
    }


def _id(directory: Path) -> str:
    words = "".join(
        c if c.isascii() and c.isalnum() else " " for c in directory.resolve().name.lower()
    ).split()
    return "-".join(words)[:40].strip("-") or "new-report"
