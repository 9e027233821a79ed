"""Names of time zones that no kept table has, each with the zone that it means."""

from __future__ import annotations

#: What no table of names has. Abbreviations that mean several zones stand in `AMBIGUOUS`.
ALIASES = {
    "utc": "UTC", "gmt": "UTC", "z": "UTC", "zulu": "UTC", "greenwich": "UTC", "ut": "UTC",
    "世界": "UTC", "协调世界": "UTC", "世界协调": "UTC", "格林尼治": "UTC", "格林威治": "UTC",
    "北京": "Asia/Shanghai", "beijing": "Asia/Shanghai", "peking": "Asia/Shanghai",
    "jst": "Asia/Tokyo", "kst": "Asia/Seoul", "hkt": "Asia/Hong_Kong", "sgt": "Asia/Singapore",
    "pht": "Asia/Manila", "wib": "Asia/Jakarta", "ict": "Asia/Bangkok", "msk": "Europe/Moscow",
    "cet": "Europe/Berlin", "cest": "Europe/Berlin", "eet": "Europe/Athens", "eest": "Europe/Athens",
    "wet": "Europe/Lisbon", "west": "Europe/Lisbon", "nzst": "Pacific/Auckland", "nzt": "Pacific/Auckland",
    "nzdt": "Pacific/Auckland", "aedt": "Australia/Sydney", "awst": "Australia/Perth",
    "hst": "Pacific/Honolulu", "akst": "America/Anchorage", "akdt": "America/Anchorage",
    "edt": "America/New_York", "mdt": "America/Denver", "pdt": "America/Los_Angeles",
    "et": "America/New_York", "pt": "America/Los_Angeles", "nst": "America/St_Johns",
    "eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver",
    "pacific": "America/Los_Angeles", "美东": "America/New_York", "美西": "America/Los_Angeles",
    "华盛顿": "America/New_York", "威尼斯": "Europe/Rome", "venice": "Europe/Rome",
    "barcelona": "Europe/Madrid", "巴塞罗那": "Europe/Madrid", "petersburg": "Europe/Moscow",
    "stpetersburg": "Europe/Moscow", "saintpetersburg": "Europe/Moscow", "odessa": "Europe/Kyiv",
    "islamabad": "Asia/Karachi",
    "里约": "America/Sao_Paulo", "火奴鲁鲁": "Pacific/Honolulu", "加利福尼亚": "America/Los_Angeles",
    "巴厘岛": "Asia/Makassar", "bali": "Asia/Makassar", "普吉": "Asia/Bangkok", "phuket": "Asia/Bangkok",
    "槟城": "Asia/Kuala_Lumpur", "penang": "Asia/Kuala_Lumpur", "太平洋": "America/Los_Angeles",
    "美国太平洋": "America/Los_Angeles", "美国山地": "America/Denver", "普吉岛": "Asia/Bangkok",
    "美国东部": "America/New_York", "美国中部": "America/Chicago", "美国西部": "America/Los_Angeles",
    "nyc": "America/New_York", "ny": "America/New_York", "sf": "America/Los_Angeles",
    "la": "America/Los_Angeles",
    "hk": "Asia/Hong_Kong", "魔都": "Asia/Shanghai", "帝都": "Asia/Shanghai", "京": "Asia/Shanghai",
    "沪": "Asia/Shanghai",
}  # fmt: skip
AMBIGUOUS = {
    "est": ("America/New_York", "America/Panama", "Australia/Sydney"),
    "cst": ("Asia/Shanghai", "America/Chicago", "America/Havana"),
    "ct": ("America/Chicago", "Asia/Shanghai"),
    "cdt": ("America/Chicago", "America/Havana"),
    "mst": ("America/Denver", "America/Phoenix", "Asia/Kuala_Lumpur"),
    "mt": ("America/Denver", "America/Phoenix"),
    "pst": ("America/Los_Angeles", "Asia/Manila"),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "bst": ("Europe/London", "Asia/Dhaka"),
    "ast": ("America/Halifax", "America/Puerto_Rico", "Asia/Riyadh"),
    "aest": ("Australia/Sydney", "Australia/Brisbane"),
    "gst": ("Asia/Dubai", "Atlantic/South_Georgia"),
    "sst": ("Pacific/Pago_Pago", "Asia/Singapore"),
    "wst": ("Australia/Perth", "Pacific/Apia"),
    "art": ("America/Argentina/Buenos_Aires",),
}
#: Zones without summer time at offsets that are no whole hours (minutes east of UTC).
UNEVEN = {
    -570: "Pacific/Marquesas", 210: "Asia/Tehran", 270: "Asia/Kabul", 330: "Asia/Kolkata",
    345: "Asia/Kathmandu", 390: "Asia/Yangon", 525: "Australia/Eucla", 570: "Australia/Darwin",
}  # fmt: skip
#: Zones whose winter offset is that, but which have summer time: they are asked for by name.
UNEVEN_SUMMER = {-210: "America/St_Johns", 630: "Australia/Lord_Howe", 765: "Pacific/Chatham"}
