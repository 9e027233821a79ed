"""A run of chaos in one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from tests.chaos.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Summary:
    """What was due, what came of it, and what was answered."""

    name: str
    seconds: float
    faults: int
    due: int
    sent: int
    listed: int
    lost: int
    doubled: int
    in_doubt: int
    questions: int
    unanswered: int
    changes: int

    @classmethod
    def of(cls, evidence: Evidence, seconds: float) -> Self:
        """Count."""
        due, arrived, people = evidence.due(), evidence.arrived(), evidence.people
        missing = due - arrived.keys()
        listed = {telling for telling in missing if telling in evidence.records}
        return cls(
            name=f"{evidence.plan.base} {evidence.plan.seed}",
            seconds=seconds,
            faults=len(evidence.plan.faults),
            due=len(due),
            sent=len(due & arrived.keys()),
            listed=len(listed),
            lost=len(missing - listed),
            doubled=sum(len(each) - 1 for each in arrived.values()),
            in_doubt=sum(map(evidence.is_in_doubt, evidence.telegram.arrivals)),
            questions=len(people.questions),
            unanswered=sum(not people.is_answered(question) for question in people.questions),
            changes=len(people.changes),
        )

    def line(self, broken: list[str]) -> str:
        """For people who wait."""
        verdict = f"{len(broken)} BROKEN" if broken else "holds"
        return (
            f"\n{self.name}: {self.seconds:.0f} s, {self.faults} faults; {self.due} posts due, "
            f"{self.sent} sent, {self.listed} listed, {self.lost} lost, "
            f"{self.doubled} doubled of {self.in_doubt} in doubt; {self.questions} questions, "
            f"{self.unanswered} without their own answer, {self.changes} changes: {verdict}"
        )
