"""The wheel carries everything: code, pages, migrations and packs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_wheel_answers_outside_the_checkout(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "installed")
    # -P keeps the checkout's own folder off the path, the environment puts the wheel before it
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    command = [sys.executable, "-P", "-m", "bot", "preview", "--date", "2026-05-10", "--cadence", "daily"]
    answer = subprocess.run(
        command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
    )
    assert "2014年5月10日 · 12年前" in answer.stdout


def test_the_same_sources_give_the_same_wheel(tmp_path: Path) -> None:
    digests = []
    for number in range(2):
        copy = tmp_path / str(number)
        copy.mkdir()
        for name in ("bot", "digests", "data"):
            shutil.copytree(
                ROOT / name,
                copy / name,
                ignore=shutil.ignore_patterns("__pycache__"),
                copy_function=shutil.copyfile,
            )
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copyfile(ROOT / name, copy / name)
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(copy / "dist")],
            cwd=copy,
            check=True,
            capture_output=True,
            env=os.environ | {"SOURCE_DATE_EPOCH": "1700000000"},
        )
        digests.append(sha256(next((copy / "dist").glob("*.whl")).read_bytes()).hexdigest())
    assert digests[0] == digests[1]
