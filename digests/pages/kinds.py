"""What each kind of milestone is called."""

from __future__ import annotations

from collections.abc import Callable

from digests.report.model import MilestoneKind


def kind_names(say: Callable[[str], str]) -> dict[str, str]:
    """The name of each kind, by its value in the pack."""
    names = {
        MilestoneKind.APPROVAL: say("approval"),
        MilestoneKind.VISIT: say("visit"),
        MilestoneKind.PLATFORM: say("platform"),
        MilestoneKind.POLICY: say("policy"),
        MilestoneKind.PILOT: say("pilot"),
        MilestoneKind.CERTIFICATION: say("certification"),
        MilestoneKind.FUNDING: say("funding"),
        MilestoneKind.CONFERENCE: say("conference"),
        MilestoneKind.ACCEPTANCE: say("acceptance"),
        MilestoneKind.RECOGNITION: say("recognition"),
        MilestoneKind.ATTENTION: say("attention"),
        MilestoneKind.PLANNING: say("planning"),
        MilestoneKind.REPORT: say("publication"),
    }
    return {kind.value: name for kind, name in names.items()}
