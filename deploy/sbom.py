"""Prints what a container holds as CycloneDX 1.6: the Python packages beside this interpreter, and Debian's.

Only the standard library is used: it runs inside the image, where nothing that builds is left.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from email.parser import HeaderParser
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

_DPKG = Path("/var/lib/dpkg/status")


def python_components() -> Iterator[dict[str, Any]]:
    """Each installed distribution, by its normalised name."""
    for found in distributions():
        name = re.sub(r"[-_.]+", "-", found.metadata["Name"]).lower()
        component = _component(name, found.version, f"pkg:pypi/{name}@{found.version}")
        if said := licence(found):
            component["licenses"] = [{"license": {"name": said}}]
        yield component


def licence(found: Distribution) -> str | None:
    """What a distribution says of its licence in one line; None when it says nothing."""
    classified = [
        name.rpartition("::")[2].strip()
        for name in found.metadata.get_all("Classifier") or ()
        if name.startswith("License ::")
    ]
    said: str | None = found.metadata.get("License-Expression") or ", ".join(classified)
    return said or (found.metadata.get("License") or "").partition("\n")[0] or None


def debian_components(status: Path) -> Iterator[dict[str, Any]]:
    """Each package that dpkg's status file lists as installed."""
    if not status.exists():
        return
    for stanza in status.read_text(encoding="utf-8").split("\n\n"):
        fields = HeaderParser().parsestr(stanza)
        if (fields["Status"] or "").endswith(" installed"):
            name, version = fields["Package"], fields["Version"]
            where = f"pkg:deb/debian/{name}@{version.replace(':', '%3A').replace('+', '%2B')}"
            yield _component(name, version, f"{where}?arch={fields['Architecture']}")


def _component(name: str, version: str, address: str) -> dict[str, Any]:
    return {"type": "library", "bom-ref": address, "name": name, "version": version, "purl": address}


def bill() -> dict[str, Any]:
    """The bill of materials; silkline is its subject, all others are its parts."""
    python = sorted(python_components(), key=lambda each: each["name"])
    subject = next((each for each in python if each["name"] == "silkline"), None)
    parts = [each for each in python if each is not subject]
    made: dict[str, Any] = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1}
    if subject:
        made["metadata"] = {"component": subject | {"type": "application"}}
    return made | {"components": [*parts, *debian_components(_DPKG)]}


if __name__ == "__main__":
    json.dump(bill(), sys.stdout, indent=1, ensure_ascii=False)
