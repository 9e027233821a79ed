"""The settings of a subscription: their words, their buttons and their page."""
