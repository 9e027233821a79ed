"""/audit: the report's statements, recomputed."""

from __future__ import annotations

from decimal import Decimal

from bot.views.buttons import LIST_PAGE
from bot.views.screen import Button, Screen, ViewRequest, action
from digests import queries
from digests.pages.formatting import word_percent
from digests.report.audit import Finding
from digests.report.model import AuditKind

VERDICT_MARKS = {"consistent": "✅", "inconsistent": "⚠️", "not-checkable": "❔", "computed": "🧮"}


def show_audit(request: ViewRequest) -> Screen:
    """``/audit``: each statement, recomputed."""
    html = request.render(
        "audit",
        parts=queries.recomputed(request.library),
        finding_value=lambda finding: finding_value(request, finding),
        finding_stated=lambda finding: finding_stated(request, finding),
        verdict_marks=VERDICT_MARKS,
    )
    return Screen(html, ((Button(request.say("Growth"), action("growth")),),), LIST_PAGE * 2)


def finding_stated(request: ViewRequest, finding: Finding) -> str:
    """What the report states, as it is worded elsewhere."""
    if finding.rule.stated is None:
        return ""
    quantity = request.library.observation(finding.rule.stated).quantity
    return quantity.word(request.language, request.library.unit(quantity.unit))


def finding_value(request: ViewRequest, finding: Finding) -> str:
    """What was recomputed, in the unit of what is stated, else of what it is computed from."""
    value = finding.recomputed
    if value is None:
        return ""
    if finding.rule.kind in (AuditKind.AVERAGE_RATE, AuditKind.REMAINDER):
        return word_percent(value)
    return _in_unit(request, finding.rule.stated or finding.rule.inputs[0], value)


def _in_unit(request: ViewRequest, stated: str, value: Decimal) -> str:
    return request.library.unit(request.library.observation(stated).quantity.unit).word(
        request.language, value
    )
