"""What no pack needs is refused by file, line and rule, whatever it would cost to build it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from digests.report.document import read_document
from digests.report.loading import load_pack
from tests.unit.invented_pack import MILESTONES, write_pack
from tests.unit.test_pack_loading import problems_of


@pytest.mark.parametrize(
    ("content", "rule", "line"),
    [
        ("x: " + "[" * 40_000 + "]" * 40_000, "depth", 1),
        ("x: " + "[" * 200_000, "depth", 1),
        ("\n".join(" " * depth + "a:" for depth in range(200)), "depth", 13),
        ("x: " + "9" * 5000, "unquoted", 1),
        ("? [a, b]\n: 1\n", "key", 1),
    ],
    ids=["brackets", "open brackets", "block", "digits", "a list as key"],
)
def test_what_no_pack_needs_is_refused_before_it_is_built(
    tmp_path: Path, content: str, rule: str, line: int
) -> None:
    pack = write_pack(tmp_path)
    (pack / "more.yaml").write_text(content, encoding="utf-8")
    told = [each for each in problems_of(pack) if each.file.endswith("more.yaml")]
    assert (rule, line) in [(each.rule, each.line) for each in told]
    assert all(len(each.message) < 200 for each in told)


def test_a_pipe_and_a_device_are_no_files_of_a_pack(tmp_path: Path) -> None:
    pack = write_pack(tmp_path)
    os.mkfifo(pack / "pipe.yaml")
    (pack / "device.yaml").symlink_to("/dev/zero")
    told = {Path(each.file).name: each.message for each in problems_of(pack)}
    assert told == {"pipe.yaml": "is no file", "device.yaml": "is no file"}


def test_a_text_that_fits_no_message_is_refused(tmp_path: Path) -> None:
    long = MILESTONES.replace("en: The first market}", "en: " + "market " * 400 + "}", 1)
    assert {each.rule for each in problems_of(write_pack(tmp_path, milestones=long))} == {"value"}


def test_a_year_that_no_strip_of_years_shows_is_refused(tmp_path: Path) -> None:
    far = re.sub(r'date: "\d{4}', 'date: "9999', MILESTONES, count=1)
    assert {each.rule for each in problems_of(write_pack(tmp_path, milestones=far))} == {"date"}


@pytest.mark.parametrize("content", [b"", b"hello\n"])
def test_the_wrong_document_is_told_by_the_headings_that_it_lacks(tmp_path: Path, content: bytes) -> None:
    report = load_pack(write_pack(tmp_path))
    complaints = read_document(report, content).complaints
    assert [rule for _, rule, _ in complaints] == ["heading"] * len(report.sections)
