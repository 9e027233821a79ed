"""The local server's rich messages: what Telegram takes, gives back and refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramNotFound
from aiogram.types import BufferedInputFile, InputMediaPhoto, InputRichMessage, InputRichMessageMedia, Message

from bot.playground import CHANNEL, PERSON, PlaygroundServer, demo_world
from tests.integration.test_playground_server import Town

PAGE = """
<h1>Ten years</h1><p>Worth <b>20</b><sup><a href="#note-1">1</a></sup></p>
<figure><img src="tg://photo?id=chart"/><figcaption>A chart</figcaption></figure>
<table bordered striped><tr><th>Target</th><th>Share</th></tr>
<tr><td>A</td><td align="right">3 %</td></tr></table>
<details><summary>More</summary><p>Folded</p><ul><li>one</li><li>two<br/>lines</li></ul></details>
<ol><li><tg-reference name="note-1">Page 3</tg-reference></li></ol>
<tg-button-row><tg-button type="callback_data" data="growth|">Growth</tg-button></tg-button-row>
"""


async def serve(server: PlaygroundServer) -> AsyncIterator[Town]:
    made = Town(server, await server.start("127.0.0.1", 0))
    yield made
    await made.bot.session.close()
    await server.close()


@pytest.fixture
async def place() -> AsyncIterator[Town]:
    async for made in serve(PlaygroundServer(demo_world())):
        yield made


@pytest.fixture
async def old_place() -> AsyncIterator[Town]:
    async for made in serve(PlaygroundServer(demo_world(), missing={"sendrichmessage"})):
        yield made


async def send(place: Town, html: str, chat: int = PERSON) -> Message:
    return await place.bot.send_rich_message(chat, InputRichMessage(html=html))


async def test_a_page_comes_back_as_the_blocks_that_the_bot_api_describes(place: Town) -> None:
    chart = InputMediaPhoto(media=BufferedInputFile(b"png", "chart.png"))
    media = [InputRichMessageMedia(id="chart", media=chart)]
    sent = await place.bot.send_rich_message(CHANNEL, InputRichMessage(html=PAGE, media=media))
    assert sent.rich_message
    kinds = [block.type for block in sent.rich_message.blocks]
    assert kinds == ["heading", "paragraph", "photo", "table", "details", "list", "buttons"]
    stored = place.world.chats[CHANNEL].last()["rich_message"]["blocks"]
    link = {"type": "reference_link", "text": "1", "reference_name": "note-1"}
    assert stored[1]["text"][2] == {"type": "superscript", "text": link}
    assert place.world.files[stored[2]["photo"][0]["file_id"]] == b"png"
    assert stored[4]["blocks"][1]["items"][1]["blocks"] == [{"type": "paragraph", "text": "two\nlines"}]


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("", "RICH_MESSAGE_CONTENT_REQUIRED"),
        ("<p> </p><script>x</script>", 'unsupported start tag "script"'),
        ("<p>open", 'the tag "p" is not closed'),
        ("<p><b>x</p></b>", 'unexpected end tag "p"'),
        ("<p><h1>x</h1></p>", 'the tag "h1" can\'t stand inside "p"'),
        ("<table><tr><td><p>x</p></td></tr></table>", 'the tag "p" can\'t stand inside "td"'),
        ("<table>loose<tr><td>x</td></tr></table>", "text can't stand inside"),
        ("<details><p>x</p></details>", "details without a summary"),
        ('<img src="tg://photo?id=unknown"/>', "wrong file identifier"),
        ('<p><tg-button type="callback_data" data="">x</tg-button></p>', "BUTTON_DATA_INVALID"),
        (f"<p>{'x' * 32_769}</p>", "characters 32769, at most 32768"),
        ("<p>x</p>" * 501, "blocks 501, at most 500"),
        ("<ul>" + "<li>x</li>" * 250 + "</ul>", "blocks 501, at most 500"),
        ("<b><i>" * 9 + "x" + "</i></b>" * 9, "depth 18, at most 16"),
        ("<table><tr>" + "<td>x</td>" * 21 + "</tr></table>", "columns 21, at most 20"),
        ('<img src="tg://photo?id=x"/>' * 51, "media 51, at most 50"),
    ],
)
async def test_what_telegram_would_not_take_is_refused_with_the_reason(
    place: Town, html: str, reason: str
) -> None:
    with pytest.raises(TelegramBadRequest, match=reason):
        await send(place, html)


async def test_text_and_rich_content_take_each_others_place_in_an_edit(place: Town) -> None:
    sent = await send(place, "<h1>Rich</h1>")
    stored = place.world.chats[PERSON].messages
    await place.bot.edit_message_text("plain", chat_id=PERSON, message_id=sent.message_id)
    assert (stored[sent.message_id]["text"], "rich_message" in stored[sent.message_id]) == ("plain", False)
    page = InputRichMessage(html="<p>again</p>")
    await place.bot.edit_message_text(chat_id=PERSON, message_id=sent.message_id, rich_message=page)
    assert "text" not in stored[sent.message_id]
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await place.bot.edit_message_text(chat_id=PERSON, message_id=sent.message_id, rich_message=page)


async def test_an_older_server_does_not_know_the_method(old_place: Town) -> None:
    with pytest.raises(TelegramNotFound):
        await send(old_place, "<p>x</p>")
