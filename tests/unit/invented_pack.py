"""A small invented report, its document and its pack, for tests of rules."""

from __future__ import annotations

import hashlib
from pathlib import Path

DOCUMENT = """The Tea Report

1. Growth

In 2019 the tea trade was worth over 3.50亿元, from 12 towns.
The **first** market opened on 3 May 2018. The second market opened in 2019.

2. Towns

There are 12 towns and 12 ports.
1 Source: the tea ledger.
"""

UNITS = """
units:
  - id: yi
    name: {zh: 亿元, en: CNY 100 million}
    zh: "{n}亿元"
    en: [{times: "100", form: "CNY {n} million"}]
  - {id: towns, name: {zh: 镇, en: towns}, zh: "{n} towns", en: [{form: "{n} towns"}]}
"""

REPORT = """
id: tea
revision: 1
name: {zh: 茶, en: Tea}
data_licence: {zh: 公有领域, en: public domain}
publication:
  title: {zh: 茶叶报告, en: The Tea Report}
  authors: [{name: {zh: 某人, en: Somebody}}]
  journal: {zh: 茶, en: Tea}
  issue: {zh: 第1期, en: No. 1}
  published: "2020-01"
  publisher: {zh: 茶社, en: Tea house}
  summary: {zh: 关于茶。, en: On tea.}
  evidence: [The Tea Report]
document: {sha256: SHA, language: en, note: {zh: 全文, en: full text}}
sections:
  - {id: growth, heading: 1. Growth, number: 一, title: {zh: 增长, en: Growth}}
  - {id: towns, heading: 2. Towns, number: 二, title: {zh: 城镇, en: Towns}}
footnotes:
  - {number: 1, section: growth, text: {zh: 账本, en: the ledger}, printed: "Source: the tea ledger"}
"""

MILESTONES = """
milestones:
  - id: first-market
    date: "2018-05-03"
    origin: chronology
    kind: platform
    title: {zh: 第一个市场, en: The first market}
    summary: {zh: 第一个市场开张。, en: The first market opens.}
    places: [teatown]
    observations: [trade-2019]
    source: {section: growth, evidence: [first market opened on 3 May 2018]}
"""

METRICS = """
subjects:
  - {id: trade, name: {zh: 贸易, en: Trade}}
metrics:
  - id: tea-trade
    subject: trade
    kind: amount
    place: teatown
    name: {zh: 茶叶贸易, en: Tea trade}
    observations:
      - id: trade-2019
        quantity: {printed: over 3.50亿元, value: "3.50", unit: yi}
        period: {basis: stated, start: "2019", end: "2019"}
        source: {section: growth, footnote: 1, evidence: [worth over 3.50亿元]}
      - id: town-count
        quantity: {printed: 12 towns, value: "12", unit: towns}
        period: {basis: not-stated}
        source: {section: towns, evidence: [are 12 towns]}
"""

ZONES = """
places:
  - {id: teatown, level: city, name: {zh: 茶镇, en: Teatown}}
"""


def write_pack(folder: Path, document: str = DOCUMENT, **changed: str) -> Path:
    """Write the pack under *folder*; *changed* replaces whole files by their names."""
    files = {"report": REPORT, "milestones": MILESTONES, "metrics": METRICS, "zones": ZONES} | changed
    pack = folder / "tea"
    pack.mkdir(parents=True, exist_ok=True)
    (folder / "units.yaml").write_text(files.pop("units", UNITS), encoding="utf-8")
    sha256 = hashlib.sha256(document.encode()).hexdigest()
    for name, text in files.items():
        (pack / f"{name}.yaml").write_text(text.replace("SHA", sha256), encoding="utf-8")
    return pack
