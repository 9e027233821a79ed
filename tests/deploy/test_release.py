"""The workflow that makes an image of a tag: well-formed, and at one with the Dockerfile and the page."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

from tests.deploy.page import DEPLOY, PAGES
from tests.deploy.wheels import LOCK, MACHINES, pinned_for

WORKFLOW = DEPLOY.parent / ".github" / "workflows" / "release.yml"


def workflow() -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(WORKFLOW.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - `on` stays
    return found


def steps() -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = workflow()["jobs"]["image"]["steps"]
    return made


def build() -> dict[str, str]:
    (found,) = [step["with"] for step in steps() if "build-push-action" in step.get("uses", "")]
    given: dict[str, str] = found
    return given


def test_a_tag_of_a_version_starts_it_and_it_may_only_push_and_sign() -> None:
    assert workflow()["on"] == {"push": {"tags": ["v[0-9]+.[0-9]+.[0-9]+"]}}
    rights = workflow()["jobs"]["image"]["permissions"]
    assert rights == {"contents": "read", "packages": "write", "id-token": "write"}
    assert all(re.search(r"@v\d+$", step["uses"]) for step in steps() if "uses" in step)


def test_each_argument_of_the_build_is_one_of_the_dockerfile() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    given = dict(line.split("=", 1) for line in build()["build-args"].splitlines())
    assert set(given) == {"BASE_IMAGE", "VERSION", "REVISION", "CREATED", "SOURCE"}
    assert all(re.search(rf"^ARG {name}\b", dockerfile, re.MULTILINE) for name in given)
    (base,) = re.findall(r"base=(\S+)", next(step["run"] for step in steps() if step.get("id") == "base"))
    assert f"ARG BASE_IMAGE={base}\n" in dockerfile


def test_what_is_pushed_has_a_bill_a_provenance_and_a_signature_of_its_digest() -> None:
    assert (build()["sbom"], build()["provenance"], build()["push"]) == ("true", "mode=max", "true")
    assert build()["platforms"] == "linux/amd64,linux/arm64"
    assert len(MACHINES) == 2
    assert "@$DIGEST" in steps()[-1]["run"]


@pytest.mark.parametrize("page", PAGES)
def test_the_page_tells_how_to_ask_who_made_it(page: str) -> None:
    text = (DEPLOY / page).read_text(encoding="utf-8")
    assert ".github/workflows/release.yml@refs/tags/v" in text
    assert "cosign verify" in text


def test_the_lock_is_taken_apart_as_it_would_be_there() -> None:
    """pip evaluates a lock's conditions for its own interpreter, whatever it is asked to download for."""
    names = {
        version: {Requirement(line.rstrip(" \\")).name for line in text.splitlines() if "==" in line}
        for version in ("3.11", "3.13")
        for text in [pinned_for(version, "aarch64")]
    }
    assert names["3.11"] == names["3.13"]
    pins = [line for line in LOCK.read_text(encoding="utf-8").splitlines() if line.startswith("contourpy==")]
    assert len(pins) == 2
    old, new = (pinned_for(version, "x86_64") for version in ("3.11", "3.13"))
    assert [pin.partition(" ;")[0] in old for pin in pins] == [True, False]
    assert [pin.partition(" ;")[0] in new for pin in pins] == [False, True]
    assert all(text.count("--hash=") > 500 for text in (old, new))
