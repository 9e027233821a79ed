"use strict";
// The page's own words, in both languages.
const WORDS = {
  zh: {
    private: "私聊", channel: "频道", supergroup: "群组", empty: "还没有消息",
    channelNote: "你是这个频道的创建者，在这里发文即频道发文", begin: "从 /start 开始", placeholder: "写消息，或输入 / 选命令",
    text: "消息", send: "发送", back: "会话列表", clock: "机器人的时钟", now: "现在", due: "下一次推送", none: "没有",
    go: "前往", day: "+1 天", next: "下一次推送", may: "5月10日", today: "回到今天", moving: "时间前行中", sent: "已推送",
    to: "日期与时间", refused: "服务器的拒绝", refusedNone: "没有被拒绝的调用", general: "全部话题", topic: "话题",
    group: "小群", person: "你是", reply: "回复", replying: "回复", manage: "成员与话题", botHere: "机器人", pickTitle: "选择", pickNone: "没有你管理的此类聊天", rights: "将给机器人的权限",
    creator: "创建者", administrator: "管理员", member: "成员", restricted: "被禁言", left: "不在群里", kicked: "已移除", open: "开放", closed: "已关闭", deleted: "删除", upgrade: "升级为超级群", memberNote: "你不是这个频道的管理员",
    block: "停用机器人", unblock: "启用机器人", kick: "移除机器人", admit: "加入机器人", gone: "机器人不在这里",
    typing: "正在输入…", upload_photo: "正在发送图片…", edited: "已编辑", silent: "静音", pinned: "置顶", offline: "连接中断，正在重连…", commands: "命令",
  },
  en: {
    private: "private chat", channel: "channel", supergroup: "group", empty: "No messages yet",
    channelNote: "You created this channel: what you write here is posted as the channel", begin: "Begin with /start", placeholder: "Write a message, or / for commands",
    text: "Message", send: "Send", back: "Chats", clock: "The bot's clock", now: "Now", due: "Next post", none: "none",
    go: "Go", day: "+1 day", next: "Next post", may: "10 May", today: "Back to today", moving: "Time is passing", sent: "posted",
    to: "Date and time", refused: "Refused by the server", refusedNone: "No call was refused", general: "All topics", topic: "Topic",
    group: "small group", person: "You are", reply: "Reply", replying: "Reply to", manage: "Members and topics", botHere: "the bot", pickTitle: "Choose", pickNone: "No such chat that you administer", rights: "Rights for the bot",
    creator: "creator", administrator: "administrator", member: "member", restricted: "muted", left: "not here", kicked: "removed", open: "open", closed: "closed", deleted: "delete", upgrade: "Upgrade to a supergroup", memberNote: "You do not administer this channel",
    block: "Stop the bot", unblock: "Restart the bot", kick: "Remove the bot", admit: "Add the bot", gone: "The bot is not here",
    typing: "typing…", upload_photo: "sending a photo…", edited: "edited", silent: "silent", pinned: "Pinned", offline: "Disconnected, trying again…", commands: "Commands",
  },
};
