"""The table of commands: the menu, /help, the dispatch and the README are all made from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from digests.inputs.commands import CommandInput, CommandReader, UnknownCommand
from digests.text import Text


class Scope(StrEnum):
    """Who sees a command in the menu, and may use it."""

    EVERYBODY = "everybody"
    CHAT_ADMINS = "chat admins"  # in groups; in a private chat everybody is their own admin
    OPERATORS = "operators"


class Group(StrEnum):
    """The subject under which /help lists a command."""

    TIME = "time"
    FIGURES = "figures"
    TEXT = "text"
    DIGESTS = "digests"
    INSTANCE = "instance"


@dataclass(frozen=True, slots=True)
class Command:
    """A bot command: its Latin name, what it does, and the words that call it in a private chat.

    ``examples`` are arguments that suit every report; ``bot/views/suggestions.py`` adds a report's own.
    """

    name: str
    group: Group
    description: Text
    keywords: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    scope: Scope = Scope.EVERYBODY


def _command(
    name: str,
    group: Group,
    zh: str,
    en: str,
    *,
    keywords: str = "",
    examples: str = "",
    scope: Scope = Scope.EVERYBODY,
) -> Command:
    examples_given = tuple(example for example in examples.split("|") if example)
    return Command(name, group, Text(zh=zh, en=en), tuple(keywords.split()), examples_given, scope)


COMMANDS: tuple[Command, ...] = (
    _command("start", Group.TEXT, "开始", "Begin here", keywords="开始"),
    _command("help", Group.TEXT, "全部命令与用法", "All commands, with examples", keywords="帮助 help"),
    _command(
        "timeline",
        Group.TIME,
        "十年时间线",
        "Ten years of milestones",
        keywords="时间线 历程 大事记",
    ),
    _command(
        "milestone",
        Group.TIME,
        "一件大事的卡片",
        "One milestone, in full",
        keywords="大事",
    ),
    _command("today", Group.TIME, "历史上的今天", "On this day", keywords="今天 今日"),
    _command("month", Group.TIME, "历史上的本月", "On this month", keywords="本月", examples="5|11"),
    _command(
        "zones",
        Group.FIGURES,
        "综试区与各类试点",
        "Pilot zones and pilots",
        keywords="综试区 试点 城市",
    ),
    _command(
        "growth",
        Group.FIGURES,
        "增长：所述与复算",
        "Growth, stated and recomputed",
        keywords="增长 增速",
    ),
    _command(
        "metrics",
        Group.FIGURES,
        "全部数据，按主题",
        "Every figure, by subject",
        keywords="数据 指标",
    ),
    _command("measures", Group.TEXT, "发展举措与成效", "Measures taken, and results", keywords="举措 成效"),
    _command("problems", Group.TEXT, "问题与短板", "Problems and weak points", keywords="问题 短板"),
    _command("outlook", Group.TEXT, "遐想与展望", "Outlook", keywords="展望"),
    _command(
        "search",
        Group.TEXT,
        "全文检索",
        "Search everything",
        keywords="搜索 检索",
    ),
    _command(
        "audit", Group.FIGURES, "复算报告的数字", "The report's statements, recomputed", keywords="复算 核对"
    ),
    _command(
        "cite",
        Group.TEXT,
        "引文：国标、APA、BibTeX、RIS",
        "A citation to copy: GB/T 7714, APA, BibTeX, RIS",
        keywords="引用 引文",
        examples="apa",
    ),
    _command(
        "data",
        Group.TEXT,
        "数据下载：CSV、XLSX、JSON",
        "The data as a file: CSV, XLSX, JSON",
        keywords="下载 导出",
        examples="csv|xlsx|json",
    ),
    _command(
        "quiz",
        Group.TEXT,
        "小测验：选出报告里的答案",
        "A question on the report, with options",
        keywords="测验 问答",
    ),
    _command(
        "about", Group.TEXT, "出处、引用与数据许可", "Source, citation and licence", keywords="关于 出处"
    ),
    _command(
        "subscribe",
        Group.DIGESTS,
        "订阅“历史上的今天”",
        "Subscribe this chat to digests",
        keywords="订阅",
        examples="daily 09:00|weekly fri 08:30|monthly Europe/Berlin",
        scope=Scope.CHAT_ADMINS,
    ),
    _command(
        "unsubscribe", Group.DIGESTS, "退订", "Stop the digests", keywords="退订", scope=Scope.CHAT_ADMINS
    ),
    _command(
        "settings",
        Group.DIGESTS,
        "推送设置",
        "Settings of this chat",
        keywords="设置",
        examples="daily 09:00|only 洛阳|dark|quiz",
        scope=Scope.CHAT_ADMINS,
    ),
    _command(
        "preview",
        Group.DIGESTS,
        "预览接下来的推送",
        "See the next posts before they go out",
        keywords="预览",
        examples="2026-11|2026-05-10",
    ),
    _command(
        "language",
        Group.DIGESTS,
        "语言 / Language",
        "Language / 语言",
        keywords="语言 language",
        examples="zh|en",
        scope=Scope.CHAT_ADMINS,
    ),
    _command(
        "forget",
        Group.DIGESTS,
        "删除本聊天的全部记录",
        "Delete all that is stored of this chat",
        scope=Scope.CHAT_ADMINS,
    ),
    _command("privacy", Group.DIGESTS, "保存了什么", "What is stored", keywords="隐私"),
    _command("stats", Group.INSTANCE, "运行状况", "How the instance does", scope=Scope.OPERATORS),
    _command(
        "publish",
        Group.INSTANCE,
        "立即推送某期摘要",
        "Queue a digest now",
        examples="2026-05-10 daily",
        scope=Scope.OPERATORS,
    ),
    _command(
        "reload", Group.INSTANCE, "重新载入报告数据", "Load the report packs again", scope=Scope.OPERATORS
    ),
)

#: The commands by name.
BY_NAME: dict[str, Command] = {command.name: command for command in COMMANDS}

_LONGEST_ARGUMENT = 200

#: Most people type the same: so many readings are kept.
_READ = 1024

_READER = CommandReader({command.name: command.keywords for command in COMMANDS})


@dataclass(frozen=True, slots=True)
class Call:
    """A command as typed: its name and what follows it."""

    name: str
    argument: str


@dataclass(frozen=True, slots=True)
class UnknownCall:
    """A command that does not exist; ``near`` are commands that may have been meant."""

    name: str
    argument: str
    near: tuple[str, ...] = ()


def argument_of(text: str) -> str:
    """What somebody typed, in one line; nobody means more than its beginning, and an answer may repeat it."""
    return " ".join(text.split())[:_LONGEST_ARGUMENT]


@lru_cache(_READ)
def parse_call(text: str, bot_username: str | None) -> Call | UnknownCall | None:
    """Read ``/name@bot argument``, of any bot without *bot_username*; None for what is no command."""
    match _READER.read(text, bot_username):
        case CommandInput(name, argument):
            return Call(name, argument_of(argument))
        case UnknownCommand(typed, argument, near):
            open_to_all = tuple(name for name in near if BY_NAME[name].scope is not Scope.OPERATORS)
            return UnknownCall(typed[:_LONGEST_ARGUMENT], argument_of(argument), open_to_all)
    return None


def parse_keyword(text: str) -> Call | None:
    """Read a command's keyword, with what follows it, as typed in a private chat."""
    found = _READER.read_keyword(text)
    return Call(found.name, argument_of(found.argument)) if found else None
