"""What a reply looks like: screens become classic or rich messages."""
