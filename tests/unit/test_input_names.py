"""Places, commands and keywords are found by any spelling, and the nearest are told as near."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import COMMANDS
from digests.inputs.commands import CommandInput, CommandReader, OtherBotsCommand, UnknownCommand
from digests.inputs.places import NamedPlace, PlaceFinder
from digests.text import Text

READER = CommandReader({command.name: command.keywords for command in COMMANDS})
PLACES = PlaceFinder(
    NamedPlace(id_, Text(zh=zh, en=en), aliases)
    for id_, zh, en, aliases in (
        ("hillford", "丘津", "Hillford", ("丘", "Hilford-on-Sea")),
        ("xuchang", "许昌", "Xuchang", ("许",)),
        ("zhengzhou", "郑州", "Zhengzhou", ()),
        ("luoyang", "洛阳", "Luoyang", ("神都",)),
        ("henan", "河南", "Henan", ()),
        ("sanmenxia", "三门峡", "Sanmenxia", ()),
        (None, "安阳", "Anyang", ()),
    )
)

SPELLINGS = {
    "许昌": "许昌|許昌|许昌市|許昌市|Xuchang|xuchang|XUCHANG|Xu Chang|xǔchāng|Xǔ Chāng|xu-chang|许"
    "|Xuchang City|xu3chang1|Xuchang Shi|City of Xuchang|Xuchang, Henan"
    "|河南许昌|河南省许昌市|许\u200b昌|许 昌|Ｘｕｃｈａｎｇ|“许昌”",
    "郑州": "郑州|鄭州|郑州市|鄭州市|Zhengzhou|Zheng Zhou|Zhengzhou City|zhèngzhōu|Zhengzhou Municipality"
    "|中国郑州|\ufeff郑州|郑州。|ZhengZhou Henan|zheng4zhou1|河南·郑州|Zhengzhou, China ",
    "洛阳": "洛阳|洛陽|洛阳市|Luòyáng|luoyang|Luo Yang|神都|LUOYANG CITY|洛 阳|luo2yang2",
    "河南": "河南|河南省|Henan|Hénán|Henan Province|He Nan|HENAN|中国河南省",
    "三门峡": "三门峡|三門峽|三门峡市|San Men Xia|Sānménxiá|Sanmenxia City",
    "安阳": "安阳|安陽|Anyang|An Yang|Ānyáng|安阳市",
    "丘津": "丘津|hillford|Hill Ford|Hilford on Sea|HILFORD ON SEA",
}


@pytest.mark.parametrize(
    ("spelling", "name"), [(one, name) for name, all_ in SPELLINGS.items() for one in all_.split("|")]
)
def test_a_place_is_found_by_any_spelling(spelling, name):
    found = PLACES.find(spelling)
    assert found
    assert found.name.zh == name


@pytest.mark.parametrize(
    ("slip", "name"),
    [("zhenzhou", "郑州"), ("Zhengzou", "郑州"), ("郑洲", "郑州"), ("xuchnag", "许昌"), ("许畅", "许昌"),
     ("三门夹", "三门峡"), ("Louyang", "洛阳"), ("Sanmexia", "三门峡")],
)  # fmt: skip
def test_a_slip_finds_nothing_but_is_told_the_nearest(slip, name):
    assert PLACES.find(slip) is None
    assert PLACES.nearest(slip)[0].name.zh == name


@pytest.mark.parametrize("text", ["", " ", "沈阳", "Berlin", "§§", "x", "郑", "2016", "x" * 5000])
def test_another_name_finds_no_place_and_none_near(text):
    assert PLACES.find(text) is None
    assert PLACES.nearest(text) == ()


def test_a_place_that_is_only_on_the_map_is_found_as_such():
    found = PLACES.find("Anyang")
    assert found
    assert found.id is None


@given(st.text(max_size=600))
def test_no_text_disturbs_the_search_for_a_place(text):
    PLACES.find(text)
    assert len(PLACES.nearest(text)) <= 3


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("/timeline", "timeline", ""),
        ("／timeline", "timeline", ""),
        ("/ timeline", "timeline", ""),
        ("／ 時間線　２０１６", "timeline", "2016"),
        ("/timeline,2016", "timeline", "2016"),
        ("/timeline，2016", "timeline", "2016"),
        ("/timeline：洛阳", "timeline", "洛阳"),
        ("/timeline@silkline_bot 2016", "timeline", "2016"),
        ("/TIMELINE@Silkline_Bot, 2016", "timeline", "2016"),
        ("/timeline2016", "timeline", "2016"),
        ("/Timeline  2016 - 2018 ", "timeline", "2016 - 2018"),
        ("/timeline\n2016", "timeline", "2016"),
        ("/time\u200bline", "timeline", ""),
        ("/时间线 2016", "timeline", "2016"),
        ("/时间线2016", "timeline", "2016"),
        ("/大事记、2016", "timeline", "2016"),
        ("/订阅", "subscribe", ""),
        ("/訂閱 每天 9点", "subscribe", "每天 9点"),
        ("/帮助！", "help", ""),
        ("/help.", "help", ""),
        ("/綜試區 許昌", "zones", "許昌"),
        ("/综试区许昌", "zones", "许昌"),
        ("⁄設置", "settings", ""),
        ("/search@silkline_bot:1210", "search", "1210"),
    ],
)
def test_a_command_is_read_as_it_is_typed(text, name, argument):
    assert READER.read(text, "silkline_bot") == CommandInput(name, argument)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("/timelin", "timeline"),
        ("/tmeline 2016", "timeline"),
        ("/sub", "subscribe"),
        ("/seting", "settings"),
        ("/zone", "zones"),
        ("/时间", "timeline"),
        ("/previw", "preview"),
        ("/serach 海关", "search"),
    ],
)
def test_a_misspelt_command_is_told_the_nearest(text, near):
    found = READER.read(text, "silkline_bot")
    assert isinstance(found, UnknownCommand)
    assert found.near[0] == near


@pytest.mark.parametrize("text", ["/", "//", "/xyzzy", "/2016", "/usr/bin/env", "/§"])
def test_an_unknown_command_is_an_answer_not_silence(text):
    found = READER.read(text, "silkline_bot")
    assert isinstance(found, UnknownCommand)
    assert found.near == ()


def test_a_command_for_another_bot_is_not_ours():
    assert isinstance(READER.read("/timeline@another_bot 2016", "silkline_bot"), OtherBotsCommand)


@pytest.mark.parametrize("text", ["timeline", "hello", "", "a/b", "1/2016", "许昌"])
def test_what_does_not_begin_with_a_slash_is_no_command(text):
    assert READER.read(text, "silkline_bot") is None


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("时间线", CommandInput("timeline", "")),
        ("時間線 2016", CommandInput("timeline", "2016")),
        ("时间线2016", CommandInput("timeline", "2016")),
        ("时间线，2016", CommandInput("timeline", "2016")),
        ("綜試區 許昌", CommandInput("zones", "許昌")),
        ("試點", CommandInput("zones", "")),
        ("HELP", CommandInput("help", "")),
        ("帮助！", CommandInput("help", "")),
        ("数据中心", None),
        ("帮助我", None),
        ("许昌", None),
        ("", None),
    ],
)
def test_a_keyword_calls_its_command_in_either_script(text, call):
    assert READER.read_keyword(text) == call


@given(st.text(max_size=600) | st.text(alphabet="/／@_ 时间线timeline2016，,:", max_size=300))
def test_no_text_disturbs_the_reader_of_commands(text):
    READER.read(text, "silkline_bot")
    READER.read_keyword(text)
