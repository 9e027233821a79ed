"""Pages: one template a view, rendered to a neutral HTML that knows nothing of Telegram."""

from digests.pages.rendering import Pages

__all__ = ["Pages"]
