"""What Telegram shows of the bot before anybody writes to it: its commands and its description."""
