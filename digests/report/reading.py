"""Reads YAML into plain data and remembers the line of each value; the only importer of yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from digests.report.problems import Problem

#: The way to a value: keys and positions from the top of the file.
Path_ = tuple[str | int, ...]

_MAX_BYTES = 2_000_000
_MAX_DEPTH = 12
#: So much of a value is repeated when something is wrong with it (characters).
_LONGEST_SHOWN = 60
#: The same language, read ten times as fast where the library was built with its parser in C.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_STR = "tag:yaml.org,2002:str"
_INT = "tag:yaml.org,2002:int"
_BOOL = "tag:yaml.org,2002:bool"
_PLAIN_INT = re.compile(r"-?(0|[1-9]\d{0,17})")


@dataclass(slots=True)
class Reading:
    """A file as data, with the line (from 1) of each value and what was wrong with it."""

    file: str
    data: Any = None
    lines: dict[Path_, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Path_) -> int:
        """The line of a value, else of the nearest thing round it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def complain(self, line: int, rule: str, message: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.file, line, rule, message))


def read_yaml(path: Path) -> Reading:
    """Read one file; problems are noted in the answer, never raised."""
    reading = Reading(str(path))
    text = _text(path, reading)
    if text is None:
        return reading
    try:
        if _is_refused(text, reading):
            return reading
        node = yaml.compose(text, _LOADER)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "this is nested too deeply or not YAML"
        reading.complain(mark.line + 1 if mark else 1, "syntax", str(what))
        return reading
    if node is not None:
        reading.data = _Builder(reading).build(node, ())
    return reading


def _is_refused(text: str, reading: Reading) -> bool:
    """Whether a file is more than plain data; seen from its events, before anything is built of them."""
    depth = 0
    for event in yaml.parse(text, _LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 1
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            reading.complain(line, "depth", f"nested deeper than {_MAX_DEPTH} levels")
            return True
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            reading.complain(line, "alias", "anchors and aliases are not allowed: write each value out")
            return True
    return False


def _text(path: Path, reading: Reading) -> str | None:
    try:
        if not path.is_file():  # a pipe would never end
            reading.complain(1, "file", "is no file")
            return None
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
        if len(raw) > _MAX_BYTES:
            reading.complain(1, "size", f"larger than {_MAX_BYTES} bytes")
            return None
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reading.complain(raw.count(b"\n", 0, error.start) + 1, "encoding", "not UTF-8")
    except OSError as error:
        reading.complain(1, "file", f"cannot be read: {error.strerror}")
    return None


class _Builder:
    """Turns YAML nodes into data without YAML's guesses."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def build(self, node: yaml.Node, path: Path_) -> Any:
        self._reading.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return dict(self._items(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*path, position)) for position, child in enumerate(node.value)]
        return self._scalar(node)

    def _items(self, node: yaml.MappingNode, path: Path_) -> Iterator[tuple[str, Any]]:
        seen: dict[str, int] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._complain(key_node, "key", "a key is a word, not a list or a mapping")
                continue
            key = str(key_node.value)
            if key in seen:
                self._complain(
                    key_node, "duplicate-key", f"{key!r} is given twice (first in line {seen[key]})"
                )
            seen.setdefault(key, key_node.start_mark.line + 1)
            value = self.build(value_node, (*path, key))
            self._reading.lines[(*path, key)] = key_node.start_mark.line + 1
            yield key, value

    def _scalar(self, node: yaml.Node) -> Any:
        text = str(node.value)
        if node.tag == _STR:
            return text
        if node.tag == _INT and _PLAIN_INT.fullmatch(text):
            return int(text)
        if node.tag == _BOOL and text in ("true", "false"):
            return text == "true"
        kind = node.tag.rsplit(":", 1)[-1]
        if len(text) > _LONGEST_SHOWN:
            text = f"{text[:_LONGEST_SHOWN]}…"
        if not text or text == "~":
            self._complain(node, "empty", "the value is missing: leave the key out or write a value")
        else:
            self._complain(node, "unquoted", f'YAML reads {text} as {kind}: write "{text}"')
        return text

    def _complain(self, node: yaml.Node, rule: str, message: str) -> None:
        self._reading.complain(node.start_mark.line + 1, rule, message)
