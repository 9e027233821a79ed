"""What is deployed is well-formed, names settings and metrics that exist, and is explained."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.ops.metrics import GAUGES, Metrics
from bot.settings import Settings
from digests.inputs import zone_index

DEPLOY = Path(__file__).parents[2] / "deploy"
KUBERNETES = "1.31"
SETTINGS = {name.upper() for name in Settings.model_fields}
METRIC = re.compile(r"\b(?:silkline|process)_[a-z_]+")


def documents(path: Path) -> list[Any]:
    return [found for found in yaml.safe_load_all(path.read_text(encoding="utf-8")) if found]


def metrics() -> set[str]:
    """Every name that a query may use."""
    shown = Metrics()
    shown.called("sendMessage", "ok", 0.1)
    shown.delivered("sent")
    families = text_string_to_metric_families(shown.show(dict.fromkeys(GAUGES, 0.0)).decode())
    return {sample.name for family in families for sample in family.samples}


def is_whole(document: dict[str, Any]) -> bool:
    return document["kind"] != "Kustomization" and "$patch" not in document


@pytest.mark.parametrize("path", sorted(DEPLOY.glob("kubernetes/*/*.yaml")), ids=lambda path: path.stem)
def test_each_manifest_fits_its_schema(path: Path) -> None:
    for document in documents(path):
        if is_whole(document) and path.name != "replicas.yaml":
            kubernetes_validate.validate(document, KUBERNETES, strict=True)


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not installed")
@pytest.mark.parametrize("overlay", ["base", "postgres"])
def test_each_overlay_can_be_built_and_fits(overlay: str) -> None:
    built = subprocess.run(
        ["kubectl", "kustomize", str(DEPLOY / "kubernetes" / overlay)],
        check=True,
        capture_output=True,
        text=True,
    )
    found = {document["kind"]: document for document in yaml.safe_load_all(built.stdout)}
    for document in found.values():
        kubernetes_validate.validate(document, KUBERNETES, strict=True)
    spec = found["Deployment"]["spec"]
    expected = (1, "Recreate") if overlay == "base" else (2, "RollingUpdate")
    assert (spec["replicas"], spec["strategy"]["type"]) == expected
    assert ("PersistentVolumeClaim" in found) is (overlay == "base")
    assert names_of(spec["template"]["spec"]["containers"][0]["env"]) <= SETTINGS


def names_of(environment: list[dict[str, Any]]) -> set[str]:
    return {entry["name"] for entry in environment}


@pytest.mark.parametrize("name", ["compose.yaml", "compose.postgres.yaml"])
def test_a_composed_bot_is_confined_and_its_settings_exist(name: str) -> None:
    (composed,) = documents(DEPLOY / name)
    service = composed["services"]["silkline"]
    assert set(service["environment"]) <= SETTINGS
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    volumes = {
        volume.split(":")[0] for each in composed["services"].values() for volume in each.get("volumes", [])
    }
    assert {volume for volume in volumes if not volume.startswith(".")} == set(composed["volumes"])
    assert (
        composed["secrets"].items() == {name: {"file": f"./{name}"} for name in composed["secrets"]}.items()
    )


@pytest.mark.parametrize("name", ["compose.yaml", "compose.postgres.yaml"])
def test_each_composed_service_has_limits_a_short_log_and_a_version(name: str) -> None:
    (composed,) = documents(DEPLOY / name)
    assert {"backup", "monitoring"} <= {
        profile for service in composed["services"].values() for profile in service.get("profiles", ())
    }
    for service in composed["services"].values():
        assert service["logging"]["options"]["max-size"]
        assert service["mem_limit"]
        assert re.search(r":(v?\d+\.\d+|\$\{VERSION)", service["image"]), service["image"]
    arguments = composed["services"]["silkline"]["build"]["args"]
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert all(re.search(rf"^ARG {argument}\b", dockerfile, re.MULTILINE) for argument in arguments)
    assert "PASSWORD}" not in (DEPLOY / name).read_text(encoding="utf-8"), "passwords come from files"


def test_the_image_sets_only_settings_that_exist_and_what_python_reads() -> None:
    block = re.search(r"^ENV PATH=(?:.*\\\n)*.*", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    assert block is not None
    names = set(re.findall(r"\b([A-Z_]+)=", block[0]))
    assert names - SETTINGS == {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "MPLCONFIGDIR"}


def test_the_image_keeps_the_cities_whose_names_are_known() -> None:
    text = (DEPLOY / "trim.py").read_text(encoding="utf-8")
    found = re.search(r"^SMALLEST_CITY = ([\d_]+)$", text, re.MULTILINE)
    assert found is not None
    assert int(found[1]) <= zone_index._KNOWN


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_the_unit_is_valid(tmp_path: Path) -> None:
    text = (
        (DEPLOY / "systemd" / "silkline.service")
        .read_text()
        .replace("/opt/silkline/bin/silkline", "/bin/true")
    )
    unit = tmp_path / "silkline.service"
    unit.write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], check=False, capture_output=True, text=True
    )
    complaints = [line for line in done.stderr.splitlines() if "silkline.service" in line]
    assert (done.returncode, complaints) == (0, [])
    assert set(re.findall(r"^Environment=([A-Z_]+)", text, re.MULTILINE)) - SETTINGS == {"MPLCONFIGDIR"}


def test_each_alert_and_panel_asks_for_metrics_that_exist() -> None:
    known = metrics()
    known |= {
        f"process_{name}" for name in ("resident_memory_bytes", "cpu_seconds_total", "start_time_seconds")
    }
    (rules,) = documents(DEPLOY / "monitoring" / "alerts.yaml")
    asked = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    dashboard = json.loads((DEPLOY / "monitoring" / "dashboard.json").read_text(encoding="utf-8"))
    asked += [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    assert len(asked) > 20
    assert {name for expression in asked for name in METRIC.findall(expression)} <= known


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_each_metric_and_each_alert_is_explained(name: str) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `(silkline_[a-z_]+)`", text, re.MULTILINE))
    own = {name for name in metrics() if name.startswith("silkline_") and not name.endswith("_created")}
    shown = {re.sub(r"_(bucket|sum|count)$", "", name) for name in own}
    assert explained == shown
    (rules,) = documents(DEPLOY / "monitoring" / "alerts.yaml")
    alerts = {rule["alert"] for group in rules["groups"] for rule in group["rules"]}
    assert set(re.findall(r"^\| `(Silkline\w+)`", text, re.MULTILINE)) == alerts
