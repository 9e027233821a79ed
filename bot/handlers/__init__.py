"""How the bot answers: aiogram routers, one file a command."""
