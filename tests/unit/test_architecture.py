"""The page that explains the house names what is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_PATH = re.compile(r"`((?:bot|digests|data|deploy|tests)/[\w./-]*)`")

#: Folders that may hold more: one file for each page, migration or test.
_MANY = ("templates", "versions")
_MOST_FILES = 12
_LONGEST = 250


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_each_path_that_a_page_names_exists(page):
    paths = _PATH.findall((ROOT / page).read_text(encoding="utf-8"))
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_what_mutants_are_drawn_of_and_tested_by_exists():
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    names = [*config["only_mutate"], *config["pytest_add_cli_args_test_selection"]]
    assert [name for name in names if not any(ROOT.glob(name))] == []


def _modules() -> list[Path]:
    return [path for name in ("bot", "digests") for path in (ROOT / name).rglob("*.py")]


def test_no_folder_holds_more_modules_than_can_be_seen_at_once():
    counts = {
        folder: sum(path.suffix == ".py" and path.name != "__init__.py" for path in folder.iterdir())
        for folder in {path.parent for path in _modules()}
        if folder.name not in _MANY
    }
    assert {str(folder): count for folder, count in counts.items() if count > _MOST_FILES} == {}


def test_no_module_is_longer_than_can_be_read_at_once():
    lengths = {path: path.read_text(encoding="utf-8").count("\n") for path in _modules()}
    assert {str(path): length for path, length in lengths.items() if length > _LONGEST} == {}
