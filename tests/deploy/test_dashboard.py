"""The dashboard and the alert rules ask for what a running bot really shows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from bot.playground import PERSON
from tests.e2e.test_running_bot import TOKEN, answers, running, telegram, until

__all__ = ["telegram"]  # the fixture

MONITORING = Path(__file__).parents[2] / "deploy" / "monitoring"
METRIC = re.compile(r"\b(?:silkline|process)_[a-z_]+")


def asked_for() -> set[str]:
    rules = yaml.safe_load((MONITORING / "alerts.yaml").read_text(encoding="utf-8"))
    dashboard = json.loads((MONITORING / "dashboard.json").read_text(encoding="utf-8"))
    queries = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    queries += [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    queries += [each["query"] for each in dashboard["templating"]["list"]]
    return {name for query in queries for name in METRIC.findall(query)}


async def test_a_running_bot_shows_each_metric_that_a_panel_or_a_rule_asks_for(
    telegram, tmp_path: Path
) -> None:
    world, url = telegram
    async with running(tmp_path, BOT_TOKEN=TOKEN, BOT_API_URL=url) as (_process, line):
        world.says(PERSON, PERSON, "/audit")
        await until(lambda: answers(world) == 1)
        where = line.rsplit(maxsplit=1)[-1].replace("/readyz", "/metrics")
        async with ClientSession() as client, client.get(where) as response:
            text = await response.text()
    families = list(text_string_to_metric_families(text))
    shown = {sample.name for family in families for sample in family.samples}
    shown |= {family.name + "_total" for family in families if family.type == "counter"}
    assert asked_for() - shown == set()
    assert len(asked_for()) > 20


def test_each_panel_is_of_the_chosen_deployments() -> None:
    """Two deployments on one Prometheus are not added up unless somebody wants it."""
    dashboard = json.loads((MONITORING / "dashboard.json").read_text(encoding="utf-8"))
    chosen = re.compile(r'\{namespace=~"\$namespace", job=~"\$job"')
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            assert len(chosen.findall(target["expr"])) == len(METRIC.findall(target["expr"])), panel["title"]
