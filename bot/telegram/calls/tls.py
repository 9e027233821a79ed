"""Whom a connection to Telegram trusts."""

from __future__ import annotations

import ssl

import certifi


def trusting_context() -> ssl.SSLContext:
    """Trusts the authorities that come with certifi, and those of the machine or of SSL_CERT_FILE."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    return context
