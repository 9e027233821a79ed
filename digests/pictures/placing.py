"""Labels beside a strip: each as near to its mark as the others allow."""

from __future__ import annotations

from collections.abc import Sequence


def placed(wanted: Sequence[float], heights: Sequence[float], top: float, room: float) -> list[float]:
    """The middles of labels in the order of their *wanted* middles, none over another.

    Neighbours that would overlap move apart together, so that each group stays centred on what it
    belongs to; all lie within *room* below *top*, or as much more as they need. *wanted* is in
    ascending order.
    """
    groups: list[tuple[float, float, int]] = []  # top of the group, its height, its count
    above, below = 0.0, sum(heights)
    bottom = top + max(room, below)
    for middle, height in zip(wanted, heights, strict=True):
        start = min(max(middle - height / 2, top + above), bottom - below)
        groups.append((start, height, 1))
        above, below = above + height, below - height
        while len(groups) > 1 and _end(groups[-2]) > groups[-1][0]:
            last, before = groups.pop(), groups.pop()
            groups.append(_joined(before, last))
    return _middles(groups, heights)


def _end(group: tuple[float, float, int]) -> float:
    return group[0] + group[1]


def _joined(before: tuple[float, float, int], last: tuple[float, float, int]) -> tuple[float, float, int]:
    """Two groups as one, moved as little as their members wish on average."""
    count = before[2] + last[2]
    start = (before[0] * before[2] + (last[0] - before[1]) * last[2]) / count
    return start, before[1] + last[1], count


def _middles(groups: list[tuple[float, float, int]], heights: Sequence[float]) -> list[float]:
    middles, rest = [], iter(heights)
    for start, _, count in groups:
        y = start
        for _ in range(count):
            height = next(rest)
            middles.append(y + height / 2)
            y += height
    return middles
