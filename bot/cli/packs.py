"""``silkline pack``: check, export, audit, new, schema."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from bot.cli.parameters import FILE, FOLDER, echo_json
from bot.errors import OperatorError
from digests.export import DataFormat, make_file
from digests.report.audit import Finding, audit
from digests.report.checks import Complaint, sources_of
from digests.report.coverage import Coverage, check_left, cover
from digests.report.document import read_document
from digests.report.evidence import verify
from digests.report.library import Library
from digests.report.loading import load_pack, locator
from digests.report.model import Report
from digests.report.problems import PackError, Problem
from digests.report.review import review, review_against
from digests.report.skeleton import FolderInUseError, write_skeleton

_FORMS = ("json", "csv", "xlsx")


@click.group()
def pack() -> None:
    """Report packs: check, export, audit, begin a new one, schema."""


@pack.command()
@click.argument("directory", type=FOLDER)
@click.option("--source", type=FILE, help="The report's text, to verify the evidence of each fact.")
@click.option("--coverage", is_flag=True, help="Also print what of the text no fact uses.")
def check(directory: Path, source: Path | None, *, coverage: bool) -> None:
    """Validate a pack; exit 1 and name file, line and rule when something is wrong."""
    if coverage and source is None:
        raise OperatorError("--coverage holds the pack against its document: give --source FILE")
    report = _load(directory)
    complaints = [*review(report)]
    if source is None:
        strings = sum(len(place.evidence) for _, place in sources_of(report))
        evidence = f"{strings} strings of evidence, not verified: give --source FILE"
    else:
        verified, found = _against(report, source)
        complaints += found
        evidence = f"{verified} strings of evidence verified"
    _hold(directory, complaints)
    figures = sum(len(metric.observations) for metric in report.metrics)
    click.echo(
        f"{report.id} revision {report.revision}: {len(report.milestones)} milestones, {figures} figures, "
        f"{len(report.designations)} designations, {evidence}"
    )
    if coverage and source is not None:
        _tell_coverage(cover(report, read_document(report, source.read_bytes())))


def _tell_coverage(coverage: Coverage) -> None:
    """Print how much of the document is told, and each stretch that is not."""
    for count in coverage.counts:
        told = f"{count.kind}: {count.used} of {count.total} used ({_percent(count.used, count.total)})"
        click.echo(f"{told}, {count.left} left with a reason ({_percent(count.left, count.total)})")
    for unused in coverage.unused:
        click.echo(f"unused in {unused.section}, {unused.kind}: {unused.text}")


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _against(report: Report, source: Path) -> tuple[int, list[Complaint]]:
    """Hold a report against its document: how many strings of evidence, and what does not hold."""
    content = source.read_bytes()
    try:
        verified = verify(report, content)
    except UnicodeDecodeError as error:
        raise OperatorError(f"{source}: not UTF-8 at byte {error.start}") from error
    document = read_document(report, content)
    found = [*verified.complaints, *review_against(report, document), *check_left(report, document)]
    return verified.strings, found


def _hold(directory: Path, complaints: Iterable[Complaint]) -> None:
    """Exit 1 with the file and line of each complaint, when there is one."""
    place = locator(directory)
    problems = [Problem(*place(path), rule, message) for path, rule, message in complaints]
    if problems:
        _refuse(PackError(problems))


@pack.command()
@click.argument("directory", type=FOLDER)
@click.option(
    "--format", "form", type=click.Choice(["json", "csv", "xlsx"]), default="json", show_default=True
)
def export(directory: Path, form: str) -> None:
    """Write the whole pack as JSON to standard output, or its tables as zipped CSV or a workbook."""
    report = _load(directory)
    if form == "json":
        echo_json(report.model_dump(mode="json"))
    else:
        file = make_file(Library([report]), DataFormat(form))
        click.echo(file.content, nl=False)


@pack.command()
def schema() -> None:
    """Write the JSON Schema of a pack's files to standard output: editors complete and check by it."""
    described = Report.model_json_schema()
    del described["required"]  # a file holds some of the keys
    evidence = described["$defs"]["Source"]["properties"]["evidence"]
    evidence["items"] = {"anyOf": [{"type": "string"}, evidence["items"]]}  # as YAML may write it
    echo_json(described)


@pack.command()
@click.argument("directory", type=FOLDER)
def new(directory: Path) -> None:
    """Write a commented skeleton of a new pack."""
    try:
        written = write_skeleton(directory)
    except FolderInUseError as error:
        raise OperatorError(str(error)) from error
    for path in written:
        click.echo(path)
    click.echo(f"Next: fill them in, then silkline pack check {directory} --source FILE")


@pack.command("audit")
@click.argument("directory", type=FOLDER)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def audit_pack(directory: Path, form: str) -> None:
    """Recompute what the report states: consistent, inconsistent, not checkable."""
    findings = audit(_load(directory))
    if form == "json":
        echo_json([_entry(finding) for finding in findings])
        return
    for finding in findings:
        click.echo(_line(finding))


def _entry(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.rule.id,
        "verdict": finding.verdict,
        "title": finding.rule.title.model_dump(),
        "explanation": finding.rule.explanation.model_dump(),
        "stated": finding.stated.quantity.printed if finding.stated else None,
        "recomputed": str(finding.recomputed) if finding.recomputed is not None else None,
    }


def _line(finding: Finding) -> str:
    stated = f" stated {finding.stated.quantity.printed}," if finding.stated else ""
    recomputed = f" recomputed {finding.recomputed}" if finding.recomputed is not None else ""
    numbers = f":{stated}{recomputed}".rstrip(",:")
    return f"{finding.verdict:<13} {finding.rule.id} ({finding.rule.title.en}){numbers}"


def _load(directory: Path) -> Report:
    if not directory.is_dir():
        raise OperatorError(f"{directory} is no folder")
    try:
        return load_pack(directory)
    except PackError as error:
        _refuse(error)
        raise


def _refuse(error: PackError) -> None:
    for problem in error.problems:
        click.echo(problem)
    count = len(error.problems)
    raise OperatorError(f"{count} problem{'s' if count > 1 else ''}")
