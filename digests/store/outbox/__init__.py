"""The outbox: deliveries enqueued, claimed, settled and queried."""
