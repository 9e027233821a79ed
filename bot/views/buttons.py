"""Buttons that several views share."""

from __future__ import annotations

from bot.telegram.callback_data import AddChatCallback, ChatKind
from bot.views.screen import Button, ViewRequest, action
from digests.pages.figures import figure_text
from digests.report.model import Milestone, Observation

#: About one phone screen and a half: a page of a long list (UTF-16 units).
LIST_PAGE = 1600
_LABEL_LENGTH = 24


def milestone_button(request: ViewRequest, milestone: Milestone, mark: str = "◆") -> Button:
    """A button that opens a milestone's card."""
    label = f"{mark} {milestone.date} {milestone.title[request.language]}"
    return Button(shorten(label), action("milestone", milestone.id))


def shorten(label: str, length: int = _LABEL_LENGTH * 2) -> str:
    """A label cut to what a phone shows, with an ellipsis."""
    return label if len(label) <= length else f"{label[: length - 1]}…"


def place_button(request: ViewRequest, place_id: str) -> Button:
    """A button that opens a place's card."""
    return Button(f"📍 {request.library.place(place_id).name[request.language]}", action("zones", place_id))


def figure_button(request: ViewRequest, observation: Observation) -> Button:
    """A button that opens a figure's card."""
    told = figure_text(request.library, observation, request.language)
    return Button(shorten(f"📊 {told.short}"), action("metrics", observation.id))


def add_buttons(request: ViewRequest) -> tuple[Button, Button]:
    """Buttons that add the bot to a channel or a group."""
    return (
        Button("📣 " + request.say("Add to a channel"), AddChatCallback(kind=ChatKind.CHANNEL).pack()),
        Button("👥 " + request.say("Add to a group"), AddChatCallback(kind=ChatKind.GROUP).pack()),
    )
