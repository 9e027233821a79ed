"""Spellings that people type, and what each means: the right answers of the readers.

The readers are asked on 26 November 2026, a Thursday. A date is written as `DateInput` shows itself,
a span as first/last; ``--05`` is May of any year.
"""

from __future__ import annotations

DATES = """
2016年1月 = 2016-01 | 2016-01 = 2016-01 | 1/2016 = 2016-01 | 01.2016 = 2016-01 | Jan 2016 = 2016-01
2016/1 = 2016-01 | 2016.01 = 2016-01 | 201601 = 2016-01 | January 2016 = 2016-01 | 2016 Jan = 2016-01
jan. 2016 = 2016-01 | Jan-2016 = 2016-01 | 2016年一月 = 2016-01 | 二〇一六年一月 = 2016-01
２０１６年１月 = 2016-01 | 2016 年 1 月 = 2016-01 | 16年1月 = 2016-01 | 2016年01月份 = 2016-01
JANUARY 2016 = 2016-01 | 2016 = 2016 | 2016年 = 2016 | 二〇一六年 = 2016 | 二零一六年 = 2016
二○一六 = 2016 | 2016年度 = 2016 | ２０１６ = 2016 | 2016年底 = 2016 | end of 2016 = 2016
early 2016 = 2016 | 公元2016年 = 2016 | 贰零壹陆年 = 2016 | 五月 = --05 | 十一月 = --11 | May = --05
5月 = --05 | 11月份 = --11 | ５月 = --05 | november = --11 | Sept = --09 | 十二月 = --12 | next May = --05
--05 = --05 | 2026/11 = 2026-11 | 2026年11月 = 2026-11 | 2026-11 = 2026-11 | Nov 2026 = 2026-11
November, 2026 = 2026-11 | 2027年1月1日 = 2027-01-01 | 1 Jan 2027 = 2027-01-01 | 2027/01/01 = 2027-01-01
2027-1-1 = 2027-01-01 | January 1, 2027 = 2027-01-01 | 1st of January 2027 = 2027-01-01
2027.1.1 = 2027-01-01 | 20270101 = 2027-01-01 | 二〇二七年一月一日 = 2027-01-01 | 01.01.2027 = 2027-01-01
2027年1月1号 = 2027-01-01 | 2027 Jan 1 = 2027-01-01 | 1. January 2027 = 2027-01-01
Fri, 1 Jan 2027 = 2027-01-01 | 2027年1月1日（星期五） = 2027-01-01 | 2014-05-10 = 2014-05-10
2014年5月10日 = 2014-05-10 | 10 May 2014 = 2014-05-10 | 10.05.2014 = 2014-05-10
May 10th, 2014 = 2014-05-10 | 10-May-2014 = 2014-05-10 | 2014–05–10 = 2014-05-10 | 13/05/2014 = 2014-05-13
二〇一四年五月十日 = 2014-05-10 | 5/13/2014 = 2014-05-13 | 2014年05月10號 = 2014-05-10
Saturday 10 May 2014 = 2014-05-10 | 5月10日 = --05-10 | 五月十日 = --05-10 | May 10 = --05-10
10 May = --05-10 | 05-10 = --05-10 | 5/10 = --05-10 | --05-10 = --05-10 | 10th of May = --05-10
5月10号 = --05-10 | 2月29日 = --02-29 | 十月三十一日 = --10-31 | today = 2026-11-26 | 今天 = 2026-11-26
今日 = 2026-11-26 | tomorrow = 2026-11-27 | 明天 = 2026-11-27 | 明日 = 2026-11-27 | yesterday = 2026-11-25
昨天 = 2026-11-25 | 后天 = 2026-11-28 | 後天 = 2026-11-28 | 前天 = 2026-11-24
the day after tomorrow = 2026-11-28 | 大后天 = 2026-11-29 | in 3 days = 2026-11-29 | 3天后 = 2026-11-29
两周后 = 2026-12-10 | three days later = 2026-11-29 | 2 weeks ago = 2026-11-12 | 一个月后 = 2026-12-26
this month = 2026-11 | 本月 = 2026-11 | 下个月 = 2026-12 | next month = 2026-12 | 上個月 = 2026-10
last month = 2026-10 | this year = 2026 | 今年 = 2026 | 去年 = 2025 | last year = 2025 | 明年 = 2027
next year = 2027 | 前年 = 2024 | 去年5月 = 2025-05 | 明年1月1日 = 2027-01-01 | 今年五月十日 = 2026-05-10
本月10日 = 2026-11-10 | Friday = 2026-11-27 | 周五 = 2026-11-27 | 下周五 = 2026-12-04
next Friday = 2026-11-27 | 本周一 = 2026-11-23 | 2016－2018 = 2016/2018 | 2016..2018 = 2016/2018
2016-2018 = 2016/2018 | 2016–2018 = 2016/2018 | 2016~2018 = 2016/2018 | 2016—2018 = 2016/2018
2016 to 2018 = 2016/2018 | 2016至2018 = 2016/2018 | 2016年到2018年 = 2016/2018 | 2016/2018 = 2016/2018
from 2016 to 2018 = 2016/2018 | between 2016 and 2018 = 2016/2018 | 从2016年到2018年 = 2016/2018
2016-18 = 2016/2018 | 2016 through 2018 = 2016/2018 | 2018-2016 = 2016/2018
二〇一六年至二〇一八年 = 2016/2018 | 2016年－2018年 = 2016/2018 | 2016 … 2018 = 2016/2018
2016 年至 2018 年 = 2016/2018 | 2015–16 = 2015/2016 | 2016 until 2018 = 2016/2018
2016-01-2018-05 = 2016-01/2018-05 | 2016年1-3月 = 2016-01/2016-03 | 2016年1月-3月 = 2016-01/2016-03
Jan-Mar 2016 = 2016-01/2016-03 | 2016.1-2018.12 = 2016-01/2018-12 | Jan 2016 – Mar 2017 = 2016-01/2017-03
5月10日-12日 = --05-10/--05-12 | 10-12 May 2014 = 2014-05-10/2014-05-12
May 10-12, 2014 = 2014-05-10/2014-05-12 | 2014年5月10日至12日 = 2014-05-10/2014-05-12 | 5月-7月 = --05/--07
2014/5/1-2014/6/1 = 2014-05-01/2014-06-01 | 2018年以来 = 2018/ | since 2018 = 2018/ | 2018年以來 = 2018/
自2018年以来 = 2018/ | 从2018年起 = 2018/ | 2018至今 = 2018/ | 2018年至今 = 2018/ | from 2018 = 2018/
2018+ = 2018/ | 2018 onwards = 2018/ | 2018 to now = 2018/ | since May 2018 = 2018-05/
2018年5月以来 = 2018-05/ | 2018- = 2018/ | 二〇一八年以后 = 2018/ | since 2018-05-10 = 2018-05-10/
until 2018 = /2018 | -2018 = /2018 | 到2018年为止 = /2018 | 截至2018年 = /2018 | up to 2018 = /2018
till 2018 = /2018 | after 2018 = 2019/ | 2018年之后 = 2019/ | before 2018 = /2017 | 2018年以前 = /2017
2018年前 = /2017 | before May 2018 = /2018-04 | 2016Q1 = 2016-01/2016-03 | Q1 2016 = 2016-01/2016-03
2016年第一季度 = 2016-01/2016-03 | 2016年一季度 = 2016-01/2016-03 | 2016-Q4 = 2016-10/2016-12
first quarter of 2016 = 2016-01/2016-03 | 2016年第四季度 = 2016-10/2016-12 | 2016年上半年 = 2016-01/2016-06
H2 2016 = 2016-07/2016-12 | second half of 2016 = 2016-07/2016-12 | 2010年代 = 2010/2019 | 2010s = 2010/2019
the 2010s = 2010/2019 | 90年代 = 1990/1999 | 20世纪90年代 = 1990/1999 | 近三年 = 2023/2026
past 5 years = 2021/2026 | 最近五年 = 2021/2026 | 十年来 = 2016/2026 | the last 10 years = 2016/2026
this week = 2026-11-23/2026-11-29 | 下周 = 2026-11-30/2026-12-06 | Jan'16 = 2016-01 | 元月 = --01
元旦 = --01-01 | 28/8 = --08-28 | 8/28 = --08-28 | 10 may '14 = 2014-05-10
the 10th of May, 2014 = 2014-05-10 | May the 10th = --05-10 | 2014 05 10 = 2014-05-10
2014年5月中旬 = 2014-05 | mid 2014 = 2014 | 1H 2014 = 2014-01/2014-06 | Q2/2014 = 2014-04/2014-06
3rd quarter of 2014 = 2014-07/2014-09 | 十年前 = 2016 | ten years ago = 2016 | 3 years ago = 2023
2014~ = 2014/ | ~2014 = /2014 | 2014 – present = 2014/ | 2014年到现在 = 2014/ | 2014-now = 2014/
自2014年5月10日起 = 2014-05-10/ | 2014年5月—2015年6月 = 2014-05/2015-06
从2014年5月到2015年6月 = 2014-05/2015-06 | between May and July 2014 = 2014-05/2014-07
May to July = --05/--07 | 五月至七月 = --05/--07 | in two weeks = 2026-12-10 | 上周五 = 2026-11-20
this friday = 2026-11-27 | 前年5月 = 2024-05 | 八月廿八 = --08-28 | ㋄ = --05 | 2024-02-29 = 2024-02-29
两千零一十四年 = 2014 | 过去十年 = 2016/2026 | 2016年1月1日-12月31日 = 2016-01-01/2016-12-31
2014 to present = 2014/
"""

#: Shaped like dates, but there are none such, or they lie out of bounds.
WRONG_DATES = """
2014-13-45 | 2014-02-30 | 2014年13月 | 2月30日 | 13月 | 0月 | 9999-12-31 | 0001-01-01 | 1899年 | 2101年
2014-00-10 | 2014-05-00 | 2014/13/01 | 32 May 2014 | 2014年5月32日 | 20141345 | 13/2016 | 30.02.2014
9000-01-01 | 2016-13
"""

#: Not shaped like dates: other readers have a try.
NO_DATES = """
1210 | 10.51 | 郑州 | Zhengzhou | 3268.4 | -1 | 5 | 0 | 海关 | 十年 | 1.5 | 8208.1亿元 | - | since | 到
since then | 99999 | to be
"""

TIMES = """
9 = 09:00 | 09:00 = 09:00 | 9:00 = 09:00 | 9.00 = 09:00 | 9：00 = 09:00 | ９：００ = 09:00 | 0900 = 09:00
900 = 09:00 | 9am = 09:00 | 9 AM = 09:00 | 9 a.m. = 09:00 | 9点 = 09:00 | 9點 = 09:00 | 九点 = 09:00
九时 = 09:00 | 上午9点 = 09:00 | 上午九時 = 09:00 | 早上9点 = 09:00 | 9点钟 = 09:00 | 9点整 = 09:00
9 o'clock = 09:00 | nine o'clock = 09:00 | at 9 = 09:00 | 09:00:00 = 09:00 | 9h = 09:00 | 9h00 = 09:00
9 in the morning = 09:00 | 每天9点 = 09:00 | daily at 9 = 09:00 | 9:30 PM = 21:30 | 9:30pm = 21:30
9:30 p.m. = 21:30 | 21:30 = 21:30 | 2130 = 21:30 | 晚上9点半 = 21:30 | 晚上九点半 = 21:30 | 晚上9:30 = 21:30
21点30分 = 21:30 | 二十一点三十分 = 21:30 | 21时30 = 21:30 | 晚9点半 = 21:30 | 9：30ＰＭ = 21:30
9点半 = 09:30 | 九點半 = 09:30 | 9点30 = 09:30 | half past 9 = 09:30 | half past nine = 09:30 | 9h30 = 09:30
9:30 = 09:30 | 晚上8点 = 20:00 | 8pm = 20:00 | 8 PM = 20:00 | 20点 = 20:00 | 晚8点 = 20:00
8 in the evening = 20:00 | 每晚8点 = 20:00 | 下午3时 = 15:00 | 下午三点 = 15:00 | 3pm = 15:00 | 15点 = 15:00
1500 = 15:00 | 午后3点 = 15:00 | 3 in the afternoon = 15:00 | 下午三点一刻 = 15:15 | 下午3点三刻 = 15:45
quarter past 3 pm = 15:15 | quarter to 9 = 08:45 | 下午2:15 = 14:15 | 8点零五分 = 08:05 | 24:00 = 00:00
0:00 = 00:00 | 00:00 = 00:00 | midnight = 00:00 | 午夜 = 00:00 | 零点 = 00:00 | 0点 = 00:00
晚上12点 = 00:00 | 12am = 00:00 | 24点 = 00:00 | 2400 = 00:00 | 凌晨12点 = 00:00 | 半夜12点 = 00:00
noon = 12:00 | 正午 = 12:00 | 中午 = 12:00 | 12pm = 12:00 | 中午12点 = 12:00 | 12:00 = 12:00
十二点 = 12:00 | midday = 12:00 | 凌晨一点 = 01:00 | 1 am = 01:00 | 中午1点 = 13:00 | 傍晚6点 = 18:00
夜里11点 = 23:00 | 中午12点半 = 12:30 | 每天早上八点 = 08:00 | 早上8点 = 08:00 | 早八点 = 08:00
清晨6点 = 06:00 | 每日上午10点 = 10:00 | 晚上11点 = 23:00 | AM 9:00 = 09:00 | PM 9:30 = 21:30
9h30m = 09:30 | 9:00 Uhr = 09:00 | twenty past 8 = 08:20 | ten to nine = 08:50 | quarter to eight = 07:45
seven pm = 19:00 | 7 at night = 19:00 | 正午12点 = 12:00 | 明早8点 = 08:00 | 早7点半 = 07:30
夜里12点 = 00:00 | 两点半 = 02:30 | 十点一刻 = 10:15 | 晚间8:15 = 20:15 | 8 o’clock pm = 20:00
上午11:45 = 11:45 | 下午13点 = 13:00 | ٩:٠٠ = 09:00
"""

WRONG_TIMES = """
25:00 | 9:60 | 24:01 | 99 | 25点 | 2500 | 9点75分 | 0999
"""
NO_TIMES = """
morning | 9:5 | -1 | §§§ | weekly | 郑州 | 12345 | 9:00:30
"""

WEEKDAYS = """
周一 = 0 | 星期一 = 0 | 礼拜一 = 0 | mon = 0 | Monday = 0 | Mondays = 0 | every Monday = 0 | 每周一 = 0
on mondays = 0 | 週一 = 0 | 周二 = 1 | 星期2 = 1 | tue = 1 | Tues = 1 | 周三 = 2 | wed. = 2 | 禮拜三 = 2
周四 = 3 | thurs = 3 | thu = 3 | 逢周四 = 3 | 周五 = 4 | 礼拜五 = 4 | 每周五 = 4 | fri = 4 | Fridays = 4
FRIDAY = 4 | 每个星期五 = 4 | each friday = 4 | 每週五 = 4 | 周六 = 5 | sat = 5 | 星期六 = 5 | 周天 = 6
星期天 = 6 | 周日 = 6 | 星期日 = 6 | 礼拜天 = 6 | 每周日 = 6 | sunday = 6 | 禮拜日 = 6 | Monday's = 0
星期 五 = 4 | 每逢周五 = 4 | weekly on Friday = 4 | 星期七 = 6 | 毎週五 = 4
"""
NO_WEEKDAYS = """
周八 | someday | 周 | 星期 | m | 五 | 周末
"""

CADENCES = """
daily = daily | 每日 = daily | 每天 = daily | every day = daily | Everyday = daily | 天天 = daily
Daily = daily | each day = daily | weekly = weekly | 每周 = weekly | 每週 = weekly | every week = weekly
每星期 = weekly | once a week = weekly | monthly = monthly | 每月 = monthly | 每个月 = monthly
每月1号 = monthly
每個月 = monthly | every month = monthly | 每天一次 = daily | 一天一次 = daily | once daily = daily
每周一次 = weekly | 一周一次 = weekly | 每月一次 = monthly | 每 天 = daily | 毎日 = daily | 按周 = weekly
"""

ZONES = """
上海 = Asia/Shanghai | Shanghai = Asia/Shanghai | 上海市 = Asia/Shanghai | 郑州 = Asia/Shanghai
鄭州 = Asia/Shanghai | Zhengzhou = Asia/Shanghai | Shenzhen = Asia/Shanghai | 深圳 = Asia/Shanghai
北京 = Asia/Shanghai | 北京时间 = Asia/Shanghai | 北京時間 = Asia/Shanghai | Beijing = Asia/Shanghai
Beijing time = Asia/Shanghai | 中国标准时间 = Asia/Shanghai | 中国 = Asia/Shanghai
China Standard Time = Asia/Shanghai | 许昌 = Asia/Shanghai | 許昌 = Asia/Shanghai | 洛阳市 = Asia/Shanghai
Xi'an = Asia/Shanghai | 西安 = Asia/Shanghai | asia/shanghai = Asia/Shanghai
Guangzhou, China = Asia/Shanghai | 中国上海 = Asia/Shanghai | PRC = Asia/Shanghai | 香港 = Asia/Hong_Kong
Hong Kong = Asia/Hong_Kong | HongKong = Asia/Hong_Kong | hong-kong = Asia/Hong_Kong | HKT = Asia/Hong_Kong
台北 = Asia/Taipei | 臺北 = Asia/Taipei | Taipei = Asia/Taipei | 台北時間 = Asia/Taipei | 澳门 = Asia/Macau
澳門 = Asia/Macau | 东京 = Asia/Tokyo | 東京 = Asia/Tokyo | Tokyo = Asia/Tokyo | 东京时间 = Asia/Tokyo
日本 = Asia/Tokyo | Japan = Asia/Tokyo | 大阪 = Asia/Tokyo | Tokyo, Japan = Asia/Tokyo | 首尔 = Asia/Seoul
Seoul = Asia/Seoul | 釜山 = Asia/Seoul | Korea = Asia/Seoul | 新加坡 = Asia/Singapore
Singapore = Asia/Singapore | 吉隆坡 = Asia/Kuala_Lumpur | Kuala Lumpur = Asia/Kuala_Lumpur
曼谷 = Asia/Bangkok | Jakarta = Asia/Jakarta | 雅加达 = Asia/Jakarta | 马尼拉 = Asia/Manila
Saigon = Asia/Ho_Chi_Minh | Mumbai = Asia/Kolkata | 孟买 = Asia/Kolkata | Bombay = Asia/Kolkata
New Delhi = Asia/Kolkata | 印度 = Asia/Kolkata | 迪拜 = Asia/Dubai | 杜拜 = Asia/Dubai | Dubai = Asia/Dubai
伊斯坦布尔 = Europe/Istanbul | Istanbul = Europe/Istanbul | 开罗 = Africa/Cairo | 柏林 = Europe/Berlin
Berlin = Europe/Berlin | 慕尼黑 = Europe/Berlin | München = Europe/Berlin | Munich = Europe/Berlin
Koln = Europe/Berlin | 德国 = Europe/Berlin | Germany = Europe/Berlin | 汉堡 = Europe/Berlin
中欧时间 = Europe/Berlin | CET = Europe/Berlin | 巴黎 = Europe/Paris | Paris, France = Europe/Paris
法国巴黎 = Europe/Paris | 伦敦 = Europe/London | London = Europe/London | 倫敦 = Europe/London
London, UK = Europe/London | 莫斯科 = Europe/Moscow | Moscow Time = Europe/Moscow | Zürich = Europe/Zurich
Zurich = Europe/Zurich | 基辅 = Europe/Kyiv | Kiev = Europe/Kyiv | Madrid = Europe/Madrid
罗马 = Europe/Rome | 阿姆斯特丹 = Europe/Amsterdam | New York = America/New_York
new_york = America/New_York | NEW YORK = America/New_York | 纽约 = America/New_York
紐約 = America/New_York | NYC = America/New_York | New York City = America/New_York
美国纽约 = America/New_York | Eastern Time = America/New_York | Washington DC = America/New_York
旧金山 = America/Los_Angeles | Los Angeles = America/Los_Angeles | San Francisco = America/Los_Angeles
太平洋时间 = America/Los_Angeles | Pacific Time = America/Los_Angeles | 芝加哥 = America/Chicago
Toronto = America/Toronto | 温哥华 = America/Vancouver | Mexico City = America/Mexico_City
Sao Paulo = America/Sao_Paulo | São Paulo = America/Sao_Paulo | 圣保罗 = America/Sao_Paulo
Rio de Janeiro = America/Sao_Paulo | Buenos Aires = America/Argentina/Buenos_Aires | 悉尼 = Australia/Sydney
Sydney = Australia/Sydney | 墨尔本 = Australia/Melbourne | Auckland = Pacific/Auckland | UTC+8 = Etc/GMT-8
UTC＋8 = Etc/GMT-8 | utc+08:00 = Etc/GMT-8 | GMT+8 = Etc/GMT-8 | +8 = Etc/GMT-8 | +08:00 = Etc/GMT-8
+0800 = Etc/GMT-8 | UTC +8 = Etc/GMT-8 | UTC8 = Etc/GMT-8 | (UTC+8) = Etc/GMT-8 | 东八区 = Etc/GMT-8
東八區 = Etc/GMT-8 | 东8区 = Etc/GMT-8 | GMT-3 = Etc/GMT+3 | UTC−3 = Etc/GMT+3 | UTC–3 = Etc/GMT+3
-03:00 = Etc/GMT+3 | 西三区 = Etc/GMT+3 | 西五区 = Etc/GMT+5 | Etc/GMT-8 = Etc/GMT-8 | 东九区 = Etc/GMT-9
UTC+14 = Etc/GMT-14 | UTC-12 = Etc/GMT+12 | UTC+5:30 = Asia/Kolkata | +05:30 = Asia/Kolkata
UTC+5.5 = Asia/Kolkata | +03:30 = Asia/Tehran | GMT+5:45 = Asia/Kathmandu | UTC = UTC | GMT = UTC
utc = UTC | UTC+0 = UTC | UTC±0 = UTC | 格林尼治时间 = UTC | 世界时 = UTC | 零时区 = UTC | Z = UTC
JST = Asia/Tokyo | KST = Asia/Seoul | MSK = Europe/Moscow | Tel Aviv = Asia/Jerusalem
Kathmandu = Asia/Kathmandu | 杭州 = Asia/Shanghai | 乌鲁木齐 = Asia/Urumqi | 高雄 = Asia/Taipei
名古屋 = Asia/Tokyo | 加德满都 = Asia/Kathmandu | 德黑兰 = Asia/Tehran | 利雅得 = Asia/Riyadh
华沙 = Europe/Warsaw | 哥本哈根 = Europe/Copenhagen | 海参崴 = Asia/Vladivostok
开普敦 = Africa/Johannesburg | 内罗毕 = Africa/Nairobi | 西雅图 = America/Los_Angeles
檀香山 = Pacific/Honolulu | 布宜诺斯艾利斯 = America/Argentina/Buenos_Aires | 珀斯 = Australia/Perth
Peking = Asia/Shanghai | Canton = Asia/Shanghai | Calcutta = Asia/Kolkata | Düsseldorf = Europe/Berlin
Duesseldorf = Europe/Berlin | Kraków = Europe/Warsaw | Warszawa = Europe/Warsaw
København = Europe/Copenhagen | Lisboa = Europe/Lisbon | St. Petersburg = Europe/Moscow
Bogotá = America/Bogota | The Hague = Europe/Amsterdam | Montréal = America/Toronto
Cancún = America/Cancun | Phnom Penh = Asia/Phnom_Penh | Abu Dhabi = Asia/Dubai
Addis Ababa = Africa/Addis_Ababa | California = America/Los_Angeles | 加州 = America/Los_Angeles
Hawaii = Pacific/Honolulu | England = Europe/London | 英国 = Europe/London | 法国 = Europe/Paris
Vietnam = Asia/Ho_Chi_Minh | 越南 = Asia/Ho_Chi_Minh | South Korea = Asia/Seoul | UAE = Asia/Dubai
Beijing (UTC+8) = Asia/Shanghai | 上海 · UTC+8 = Asia/Shanghai | Kolkata · UTC+5:30 = Asia/Kolkata
London · UTC = Europe/London | (GMT+08:00) Beijing = Asia/Shanghai | 美国太平洋时间 = America/Los_Angeles
Valletta = Europe/Malta | Suva = Pacific/Fiji
"""

#: Names of several zones: none is taken in silence.
AMBIGUOUS_ZONES = """
Hyderabad | Newcastle | Valencia | Australia | Canada | 加拿大
EST | CST | IST | PST | MST | BST | AST | est | C.S.T. | San Jose | Cambridge | USA | 美国 | AEST | Russia
俄罗斯
"""
NO_ZONES = """
tomorrow | hourly | every | §§§ | UTC+15 | UTC+99 | UTC-13 | +25:00 | UTC+8:10 | figures | pin
Asia/Shangai | 25:00
"""
