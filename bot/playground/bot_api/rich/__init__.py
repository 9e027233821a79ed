"""Rich messages as the local Bot API server reads and checks them."""
