"""Commands about the bot itself: start, help, about, language, what is stored."""
