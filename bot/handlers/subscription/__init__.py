"""Subscribing chats, and the settings of a subscription."""
