"""A folder of YAML becomes a Report, or a list of everything that is wrong with it."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from digests.report.checks import check
from digests.report.model import Report
from digests.report.problems import PackError, Problem
from digests.report.reading import Path_, Reading, read_yaml

_LONGEST_GIVEN = 60
_DATES = ("date", "since", "start", "end", "published", "corrected")


class _Folder:
    """The readings of a pack's files, and which file each top-level key came from."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.data: dict[str, Any] = {}
        self.owners: dict[str, Reading] = {}
        self.readings: list[Reading] = []
        self.problems: list[Problem] = []

    def read(self) -> None:
        paths = sorted(self.directory.glob("*.yaml"))
        shared_units = self.directory.parent / "units.yaml"
        if not paths:
            self.problems.append(
                Problem(str(self.directory), 1, "pack", "no *.yaml file here: not a report pack")
            )
        for path in [*paths, *([shared_units] if shared_units.exists() else [])]:
            self._add(read_yaml(path))

    def _add(self, reading: Reading) -> None:
        self.readings.append(reading)
        self.problems += reading.problems
        if not isinstance(reading.data, dict):
            if not reading.problems:
                self.problems.append(Problem(reading.file, 1, "shape", "the file must hold keys and values"))
            return
        for key, value in reading.data.items():
            if key in self.data:
                first = self.owners[key].file
                message = f"{key!r} is given here and in {first}: each top-level key stands in one file"
                self.problems.append(Problem(reading.file, reading.line((key,)), "duplicate-key", message))
                continue
            self.data[key], self.owners[key] = value, reading

    def place(self, path: Path_) -> tuple[str, int]:
        """The file and line of a value of the whole report."""
        reading = self.owners.get(str(path[0])) if path else None
        if reading is None:
            reading = next((r for r in self.readings if r.file.endswith("report.yaml")), None)
            return (reading.file if reading else str(self.directory), 1)
        return reading.file, reading.line(path)


def load_pack(directory: Path) -> Report:
    """Read, validate and check a pack.

    Raises:
        PackError: with every problem, each named by file, line and rule.
    """
    folder = _Folder(directory)
    folder.read()
    if any(
        problem.rule in ("syntax", "encoding", "alias", "file", "size", "pack") for problem in folder.problems
    ):
        raise PackError(folder.problems)
    data = _with_evidence(folder.data)
    try:
        report = Report.model_validate(_with_used_units(data))
    except ValidationError as error:
        raise PackError([*folder.problems, *_explained(error, folder)]) from None
    problems = [
        *folder.problems,
        *(Problem(*folder.place(at), rule, message) for at, rule, message in check(report)),
    ]
    if problems:
        raise PackError(problems)
    return report


def locator(directory: Path) -> Callable[[Path_], tuple[str, int]]:
    """What tells the file and line of a value of a pack, for problems found later."""
    folder = _Folder(directory)
    folder.read()
    return folder.place


def _with_evidence(value: Any) -> Any:
    """Evidence written as bare strings, as the model holds it."""
    if isinstance(value, list):
        return [_with_evidence(item) for item in value]
    if not isinstance(value, dict):
        return value
    read = {key: _with_evidence(item) for key, item in value.items()}
    if isinstance(read.get("evidence"), list):
        read["evidence"] = [{"text": item} if isinstance(item, str) else item for item in read["evidence"]]
    return read


def _with_used_units(data: dict[str, Any]) -> dict[str, Any]:
    """The report with those shared units that it uses, so that its JSON is complete in itself.

    Nothing is left out when what is used cannot be told; validation speaks then.
    """
    units = data.get("units")
    if not isinstance(units, list):
        return data
    used = set(_values_of("unit", data.get("metrics")))
    known = {unit.get("id") for unit in units if isinstance(unit, dict)}
    if used - known:
        return data  # so that the unknown one is told, with what is near it
    kept = [unit for unit in units if not isinstance(unit, dict) or unit.get("id") in used]
    return {**data, "units": kept}


def _values_of(name: str, value: Any) -> list[str]:
    if isinstance(value, list):
        return [found for item in value for found in _values_of(name, item)]
    if not isinstance(value, dict):
        return []
    own = [value[name]] if isinstance(value.get(name), str) else []
    return own + [found for item in value.values() for found in _values_of(name, item)]


def _explained(error: ValidationError, folder: _Folder) -> list[Problem]:
    return [
        Problem(*folder.place(tuple(detail["loc"])), *_words(detail))
        for detail in error.errors()
        if not _follows_from_others(detail)
    ]


def _follows_from_others(detail: Any) -> bool:
    """Whether a list is called too short only because its members were refused."""
    return bool(detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"])


def _words(detail: Any) -> tuple[str, str]:
    """The rule and the message of one of pydantic's errors, in an editor's words."""
    loc = detail["loc"]
    name, kind = ".".join(str(part) for part in loc), detail["type"]
    if kind == "missing":
        language = loc[-1] if loc[-1] in ("zh", "en") else None
        return (
            ("language", f"{name}: the text is missing in {language}")
            if language
            else ("missing", f"{name} is missing")
        )
    if kind == "extra_forbidden":
        return "unknown-field", f"{name} is not a field{_near(str(loc[-1]), _siblings(loc))}"
    if kind == "string_type":
        return "unquoted", f"{name}: must be text: put quotes round {detail['input']!r}"
    given = repr(detail["input"])[:_LONGEST_GIVEN]
    return _rule(detail), f"{name}: {_plain(detail)} (given: {given})"


def _rule(detail: Any) -> str:
    if detail["loc"][-1] not in _DATES:
        return "value"
    return "date" if isinstance(detail["input"], str) else "unquoted"


def _plain(detail: Any) -> str:
    """What is wanted, without the library's own words."""
    pattern = detail.get("ctx", {}).get("pattern", "")
    if pattern.startswith("^[a-z0-9]+(-"):
        return "an id is lower-case words and digits with hyphens between them"
    if pattern.startswith("^\\d"):
        return "a number as printed has digits and at most one point"
    return str(detail["msg"]).removeprefix("Value error, ").replace("Input should be", "must be")


def _siblings(loc: tuple[str | int, ...]) -> list[str]:
    return sorted(Report.model_fields) if len(loc) == 1 else _FIELD_NAMES


def _near(name: str, names: list[str]) -> str:
    close = difflib.get_close_matches(name, names, 1)
    return f": did you mean {close[0]!r}?" if close else ""


_FIELD_NAMES = sorted(
    {name for schema in Report.model_json_schema()["$defs"].values() for name in schema.get("properties", {})}
)
