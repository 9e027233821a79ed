"""The alert rules against invented series: Prometheus' own promtool says which alerts fire."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

RULES = Path(__file__).parents[2] / "deploy" / "monitoring" / "alerts.yaml"

pytestmark = pytest.mark.skipif(
    not shutil.which("promtool"),
    reason="the rules are not tried: promtool is not installed (Debian's prometheus)",
)

#: One sample a minute; what a series does from its first minute on.
Series = dict[str, str]

HOURS = 3
MINUTES = 60 * HOURS


def process(instance: str = "a", job: str = "bot", namespace: str = "production", **changes: str) -> Series:
    """A healthy process for three hours; *changes* replace or add metrics (`None` is written ``_x181``)."""
    where = f'{{job="{job}", namespace="{namespace}", instance="{instance}"}}'
    healthy = {
        "up": "1x180",
        "silkline_info": "1x180",
        "silkline_ready": "1x180",
        "silkline_lease_held": "1x180",
        "silkline_intake_conflict": "0x180",
        "silkline_webhook_trouble": "0x180",
        "silkline_outbox_age_seconds": "0x180",
        "silkline_schedule_lag_seconds": "0x180",
        "process_start_time_seconds": "1000x180",
        "process_resident_memory_bytes": "120000000x180",
    }
    return {f"{name}{where}": values for name, values in (healthy | changes).items()}


def counted(metric: str, labels: str, values: str, job: str = "bot", namespace: str = "production") -> Series:
    return {f'{metric}{{job="{job}", namespace="{namespace}", instance="a", {labels}}}': values}


def for_days(series: Series) -> Series:
    """The same for more than a day."""
    return {name: values.replace("x180", "x1600") for name, values in series.items()}


def all_gone(after: int, **place: str) -> Series:
    """A process that leaves discovery: every series ends."""
    return {name: f"{values.partition('x')[0]}x{after} stale" for name, values in process(**place).items()}


@dataclass(frozen=True)
class Scenario:
    """What a Prometheus sees, and which alerts of which deployment fire at a minute."""

    series: Series
    firing: set[tuple[str, str]] = field(default_factory=set)
    at: int = 60


VOLUME = '{namespace="production", persistentvolumeclaim="silkline"}'
SPACE = {"available": 5, "capacity": 100}

STAGING = {"namespace": "staging", "instance": "s"}

SCENARIOS = {
    "all is well": Scenario(process()),
    "two replicas of which one leads": Scenario(process("a") | process("b", silkline_lease_held="0x180")),
    "two deployments on one Prometheus, both well": Scenario(process() | process(**STAGING)),
    "the same namespace, two jobs, both well": Scenario(process() | process(job="second")),
    "production leads nowhere while staging leads": Scenario(
        process(silkline_lease_held="1x20 0x160") | process(**STAGING),
        {("SilklineNobodySends", "production")},
    ),
    "two processes lead": Scenario(process("a") | process("b"), {("SilklineNobodySends", "production")}),
    "the leader is changed within a minute": Scenario(
        process("a", silkline_lease_held="1x29 0x151") | process("b", silkline_lease_held="0x30 1x150")
    ),
    "a process is found, and does not answer": Scenario(
        process(
            up="1x20 0x160",
            silkline_info="1x20 stale",
            silkline_ready="1x20 stale",
            silkline_lease_held="1x20 stale",
            process_start_time_seconds="1000x20 stale",
            process_resident_memory_bytes="1x20 stale",
        ),
        {("SilklineDown", "production"), ("SilklineNobodySends", "production")},
    ),
    "something else is down": Scenario(
        process() | {'up{job="web", namespace="other", instance="w"}': "0x180"}
    ),
    "all replicas are gone from discovery": Scenario(
        all_gone(20, instance="a") | all_gone(20, instance="b"), {("SilklineNobodySends", "production")}
    ),
    "all of production is gone, staging is well": Scenario(
        all_gone(20) | process(**STAGING), {("SilklineNobodySends", "production")}
    ),
    "there never was any": Scenario({'up{job="web", instance="w"}': "1x180"}, {("SilklineNobodySends", "")}),
    "a deployment that was born late": Scenario(
        {name: f"_x49 {values}" for name, values in process().items()},
        at=40,
        firing={("SilklineNobodySends", "")},  # until its first sample; see the next
    ),
    "a deployment that was born late is well afterwards": Scenario(
        {name: f"_x49 {values}" for name, values in process().items()}, at=58
    ),
    "a crash loop": Scenario(
        process(process_start_time_seconds="1000x20 1000+240x160"), {("SilklineRestarts", "production")}
    ),
    "a crash loop that is seldom seen alive": Scenario(
        process(up="1x20" + " 0 0 1" * 50), {("SilklineRestarts", "production")}
    ),
    "one restart": Scenario(process(up="1x30 0 1x149", process_start_time_seconds="1000x30 2800x149"), at=36),
    "posts fail": Scenario(
        process()
        | counted("silkline_deliveries_total", 'outcome="sent"', "0+9x180")
        | counted("silkline_deliveries_total", 'outcome="failed"', "0+1x180"),
        {("SilklineDeliveriesFail", "production")},
        at=100,
    ),
    "posts fail while many are put off": Scenario(
        process()
        | counted("silkline_deliveries_total", 'outcome="sent"', "0+9x180")
        | counted("silkline_deliveries_total", 'outcome="failed"', "0+1x180")
        | counted("silkline_deliveries_total", 'outcome="later"', "0+1000x180"),
        {("SilklineDeliveriesFail", "production")},
        at=100,
    ),
    "the first posts that ever fail": Scenario(
        process()
        | counted("silkline_deliveries_total", 'outcome="sent"', "0x60 0+9x120")
        | counted("silkline_deliveries_total", 'outcome="failed"', "0x60 0+1x120"),
        {("SilklineDeliveriesFail", "production")},
        at=100,
    ),
    "production's failures are not thinned by staging's successes": Scenario(
        process()
        | process(**STAGING)
        | counted("silkline_deliveries_total", 'outcome="sent"', "0+9x180")
        | counted("silkline_deliveries_total", 'outcome="failed"', "0+1x180")
        | counted("silkline_deliveries_total", 'outcome="sent"', "0+1000x180", namespace="staging"),
        {("SilklineDeliveriesFail", "production")},
        at=100,
    ),
    "nothing is sent for long": Scenario(
        process()
        | counted("silkline_deliveries_total", 'outcome="sent"', "5x180")
        | counted("silkline_deliveries_total", 'outcome="failed"', "0x180")
    ),
    "the network is away": Scenario(
        process()
        | counted("silkline_calls_total", 'method="sendMessage", outcome="ok"', "0+10x20 200x160")
        | counted("silkline_calls_total", 'method="sendMessage", outcome="unreachable"', "0x20 0+10x160"),
        {("SilklineTelegramUnreachable", "production")},
    ),
    "a call now and then does not arrive": Scenario(
        process()
        | counted("silkline_calls_total", 'method="sendMessage", outcome="ok"', "0+10x180")
        | counted("silkline_calls_total", 'method="sendMessage", outcome="unreachable"', "0+1x180")
    ),
    "the last backup is two days old": Scenario(
        for_days(process(silkline_backup_age_seconds="40000+60x180")),
        {("SilklineBackupOld", "production")},
        at=1590,
    ),
    "nothing was ever backed up": Scenario(
        for_days(process(silkline_backup_age_seconds="Inf " * 1601)),
        {("SilklineBackupOld", "production")},
        at=1590,
    ),
    "a new deployment was not backed up yet": Scenario(
        process(silkline_backup_age_seconds="Inf " * 181), at=170
    ),
    "the last backup is a day old": Scenario(
        for_days(process(silkline_backup_age_seconds="5000+60x180")), at=1590
    ),
    "PostgreSQL, of whose backups nobody knows": Scenario(
        for_days(process(silkline_backup_age_seconds="NaN " * 1601)), at=1590
    ),
    "the disk is nearly full": Scenario(
        process()
        | {'node_filesystem_avail_bytes{instance="n", mountpoint="/"}': "5x180"}
        | {'node_filesystem_size_bytes{instance="n", mountpoint="/"}': "100x180"},
        {("SilklineDisk", "")},
    ),
    "the volume is nearly full": Scenario(
        process()
        | {f"kubelet_volume_stats_{name}_bytes{VOLUME}": f"{value}x180" for name, value in SPACE.items()},
        {("SilklineDisk", "production")},
    ),
    "memory is near the limit": Scenario(
        process(process_resident_memory_bytes="400000000x180"), {("SilklineMemory", "production")}
    ),
    "another program's memory": Scenario(
        process() | {'process_resident_memory_bytes{job="web", instance="w"}': "900000000x180"}
    ),
    "not ready, a conflict, a webhook that is refused": Scenario(
        process(silkline_ready="0x180", silkline_intake_conflict="1x180", silkline_webhook_trouble="1x180"),
        {(f"Silkline{name}", "production") for name in ("NotReady", "Conflict", "Webhook")},
    ),
    "a post waits, a schedule is late": Scenario(
        process(silkline_outbox_age_seconds="1000x180", silkline_schedule_lag_seconds="200x180"),
        {(f"Silkline{name}", "production") for name in ("PostsWait", "PlanningLate")},
    ),
    "Telegram refuses, the log has errors": Scenario(
        process()
        | counted("silkline_calls_total", 'method="sendMessage", outcome="too_many"', "0+3x180")
        | counted("silkline_calls_total", 'method="sendMessage", outcome="ok"', "0+30x180")
        | counted("silkline_log_lines_total", 'level="error"', "0+1x180"),
        {(f"Silkline{name}", "production") for name in ("Refused", "Errors")},
        at=70,
    ),
    "answers are slow": Scenario(
        process()
        | counted("silkline_update_seconds_bucket", 'le="2.5"', "0+5x180")
        | counted("silkline_update_seconds_bucket", 'le="5"', "0+10x180")
        | counted("silkline_update_seconds_bucket", 'le="+Inf"', "0+10x180"),
        {("SilklineSlow", "production")},
    ),
}

FIRING = 'group by (alertname, namespace) (ALERTS{alertstate="firing"})'


@pytest.mark.parametrize("name", SCENARIOS)
def test_exactly_these_alerts_fire_when(name: str, tmp_path: Path) -> None:
    scenario = SCENARIOS[name]
    expected = [
        {"labels": f'{{alertname="{alert}"' + (f', namespace="{place}"' if place else "") + "}", "value": 1}
        for alert, place in sorted(scenario.firing)
    ]
    test = {
        "rule_files": [str(RULES)],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": key, "values": value} for key, value in scenario.series.items()],
                "promql_expr_test": [
                    {"expr": FIRING, "eval_time": f"{scenario.at}m", "exp_samples": expected}
                ],
            }
        ],
    }
    file = tmp_path / "scenario.yaml"
    file.write_text(yaml.safe_dump(test))
    done = subprocess.run(
        ["promtool", "test", "rules", str(file)], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_rule_fires_in_a_scenario() -> None:
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"][0]["rules"]
    assert {rule["alert"] for rule in rules} == {
        alert for each in SCENARIOS.values() for alert, _ in each.firing
    }


@pytest.mark.parametrize("name", ["prometheus.yaml", "prometheus-local.yaml"])
def test_prometheus_takes_its_configuration_with_the_rules(name: str) -> None:
    found = subprocess.run(
        ["promtool", "check", "config", f"deploy/monitoring/{name}"],
        check=False, capture_output=True, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert (found.returncode, "rules found" in found.stdout) == (0, True), found.stderr
