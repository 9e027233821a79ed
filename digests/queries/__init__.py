"""Pure questions to a library; the answers are frozen and know nothing of how they are shown."""

from digests.queries.comparisons import Comparison, compare
from digests.queries.figures import (
    Growth,
    Recomputed,
    Share,
    all_shares,
    find_subject,
    growth,
    home_of,
    place_of,
    recomputed,
    share_breakdowns,
    subjects,
)
from digests.queries.milestones import MilestoneCard, Timeline, YearRange, milestone_card, timeline
from digests.queries.places import PlaceCard, Zones, find_place, place_card, told_places, zones

__all__ = [
    "Comparison",
    "Growth",
    "MilestoneCard",
    "PlaceCard",
    "Recomputed",
    "Share",
    "Timeline",
    "YearRange",
    "Zones",
    "all_shares",
    "compare",
    "find_place",
    "find_subject",
    "growth",
    "home_of",
    "milestone_card",
    "place_card",
    "place_of",
    "recomputed",
    "share_breakdowns",
    "subjects",
    "timeline",
    "told_places",
    "zones",
]
