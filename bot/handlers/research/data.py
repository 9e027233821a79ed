"""/data: the figures, milestones and designations as a file."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, InputFile, Message

from bot.commands import Command
from bot.handlers.filters import CommandFilter
from bot.handlers.general.fallback import outdated_button
from bot.handlers.responder import Responder
from bot.sending.document_cache import DocumentCache
from bot.telegram.callback_data import DataCallback
from bot.views.reply_cache import Asked, ReplyCache
from bot.views.screen import Button, Screen, ViewRequest
from digests.export import DataFormat
from digests.inputs.normalize import line

#: What each form is called by those who ask for it.
_SPELLINGS = {
    "csv": DataFormat.CSV,
    "xlsx": DataFormat.XLSX,
    "xls": DataFormat.XLSX,
    "excel": DataFormat.XLSX,
    "表格": DataFormat.XLSX,
    "json": DataFormat.JSON,
}
_LABELS = {DataFormat.CSV: "CSV (zip)", DataFormat.XLSX: "XLSX", DataFormat.JSON: "JSON (zip)"}


def data_router() -> Router:
    """The command with a form, and the buttons of the forms."""
    router = Router(name="data")
    for observer in (router.message, router.channel_post):
        observer.register(answer_data, CommandFilter("data"))
    router.callback_query.register(answer_data_button, DataCallback.filter())
    return router


def read_form(argument: str) -> DataFormat | None:
    """The form that an argument names."""
    return _SPELLINGS.get(line(argument).casefold().lstrip("."))


def show_data(request: ViewRequest) -> Screen:
    """``/data``: what the files hold, with a button for each form."""
    forms = tuple(Button(_LABELS[form], DataCallback(form=form.value).pack()) for form in DataFormat)
    return Screen(request.render("data", wanted=request.argument), (forms,))


async def answer_data(
    _message: Message,
    command: Command,
    argument: str,
    responder: Responder,
    documents: DocumentCache,
    replies: ReplyCache,
) -> None:
    """Send the form that is named; without one, or for another, say which there are."""
    form = read_form(argument)
    if form is None:
        request = responder.asking(argument)
        await responder.send(await replies.answer_soon(Asked(command.name, request, layout=responder.layout)))
        return
    await _send(responder, documents, form)


async def answer_data_button(
    callback: CallbackQuery, callback_data: DataCallback, responder: Responder, documents: DocumentCache
) -> None:
    """Send the form of a button."""
    form = read_form(callback_data.form)
    if form is None:
        await outdated_button(callback, responder)
        return
    await _send(responder, documents, form)


async def _send(responder: Responder, documents: DocumentCache, form: DataFormat) -> None:
    bot, library = responder.outlets.bot, responder.request.library
    caption = _caption(responder)

    async def send(document: str | InputFile) -> Message:
        fields = responder.target.fields
        return await bot.send_document(**fields, document=document, caption=caption, parse_mode=None)

    await documents.send(bot.id, library, form, send)


def _caption(responder: Responder) -> str:
    """Revision, counts and licence of each report."""
    lines = []
    for report in responder.request.library.reports:
        counted = responder.say(
            "Revision %(revision)s: %(milestones)s milestones, %(figures)s figures, %(held)s designations",
            revision=report.revision,
            milestones=len(report.milestones),
            figures=sum(len(metric.observations) for metric in report.metrics),
            held=len(report.designations),
        )
        lines += [report.name[responder.language], counted, report.data_licence[responder.language]]
    return "\n".join(lines)
