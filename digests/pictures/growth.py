"""The growth chart: the end points that the text states, and no curve through years it does not know."""

from __future__ import annotations

from collections.abc import Callable

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from digests import queries
from digests.pages.wording import word_percent, word_period
from digests.pictures import style
from digests.report.audit import Finding
from digests.report.library import Library
from digests.report.model import Observation, Report
from digests.text import Language

#: Turns an English phrase into the picture's language.
Say = Callable[[str], str]

_WIDTH, _HEIGHT_EACH, _HEIGHT_REST = 8.0, 1.9, 1.5
_ROOM_FOR_VALUES = 1.45


def draw_growth(library: Library, language: Language, say: Say) -> bytes:
    """Each comparison of the library: start and end on an axis from zero, stated and recomputed rates."""
    comparisons = queries.growth(library)
    figure = Figure(figsize=(_WIDTH, _HEIGHT_EACH * len(comparisons) + _HEIGHT_REST))
    axes = figure.subplots(len(comparisons), 1, squeeze=False)
    for axis, growth in zip(axes[:, 0], comparisons, strict=True):
        _draw(axis, growth, library, language)
        _state(axis, growth, library, language, say)
    _frame(figure, library, language, say)
    return style.png(figure)


def _draw(axis: Axes, growth: queries.Growth, library: Library, language: Language) -> None:
    ends = (growth.end, growth.start)
    values = [float(end.quantity.number) for end in ends]
    axis.barh([0, 1], values, color=[style.ACCENT, style.QUIET], height=0.62)
    for position, end in enumerate(ends):
        text = _quantity(library, end, language)
        axis.text(
            values[position] + max(values) * 0.015,
            position,
            text,
            va="center",
            color=style.INK,
            fontproperties=style.font(style.HEADING),
        )
    periods = [word_period(end.period, language) for end in ends]
    axis.set_yticks([0, 1], periods, fontproperties=style.font(style.BODY), color=style.INK)
    axis.set_xlim(0, max(values) * _ROOM_FOR_VALUES)
    axis.set_title(
        growth.comparison.name[language],
        loc="left",
        fontproperties=style.font(style.HEADING),
        color=style.INK,
    )
    axis.set_xticks([])
    for side in ("top", "right", "bottom"):
        axis.spines[side].set_visible(False)
    axis.spines["left"].set_color(style.LINE)
    axis.tick_params(length=0)


def _state(axis: Axes, growth: queries.Growth, library: Library, language: Language, say: Say) -> None:
    """The stated and the recomputed rates, under the bars."""
    pairs = ((growth.stated_growth, growth.growth), (growth.stated_average_rate, growth.average_rate))
    lines = [_rate(stated, finding, library, language, say) for stated, finding in pairs if stated]
    axis.text(
        0,
        -0.08,
        "\n".join(lines),
        transform=axis.transAxes,
        va="top",
        color=style.SOFT,
        fontproperties=style.font(style.BODY),
    )


def _rate(
    stated: Observation, finding: Finding | None, library: Library, language: Language, say: Say
) -> str:
    label = (stated.label or library.metric_of(stated.id).name)[language]
    text = f"{label} · {say('stated')} {_quantity(library, stated, language)}"
    if finding is None or finding.recomputed is None:
        return text
    unit = library.unit(stated.quantity.unit)
    is_rate = stated.quantity.unit == "percent"
    value = word_percent(finding.recomputed) if is_rate else unit.word(language, finding.recomputed)
    return f"{text}, {say('recomputed')} {value}"


def _quantity(library: Library, observation: Observation, language: Language) -> str:
    return observation.quantity.word(language, library.unit(observation.quantity.unit))


def _frame(figure: Figure, library: Library, language: Language, say: Say) -> None:
    """Title, the warning about unknown years, and the citation that survives a screenshot."""
    height = figure.get_figheight()
    figure.text(
        0.04, 1 - 0.42 / height, say("Growth"), fontproperties=style.font(style.TITLE), color=style.INK
    )
    warning = say(
        "Only the end points stand in the text; yearly values are in an image, so none are drawn here."
    )
    figure.text(0.04, 0.42 / height, warning, fontproperties=style.font(style.SMALL), color=style.ACCENT)
    sources = "; ".join(_citation(report, language) for report in library.reports)
    figure.text(0.04, 0.18 / height, sources, fontproperties=style.font(style.SMALL), color=style.SOFT)
    figure.subplots_adjust(left=0.13, right=0.97, top=1 - 0.95 / height, bottom=1.1 / height, hspace=1.1)


def _citation(report: Report, language: Language) -> str:
    publication = report.publication
    source = f"{publication.title[language]} · {publication.journal[language]}, {publication.issue[language]}"
    return f"{source} · r{report.revision}"
