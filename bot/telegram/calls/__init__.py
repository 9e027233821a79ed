"""Calls of the Bot API on the wire: encoded, prepared once for many chats, decoded; and their errors."""
