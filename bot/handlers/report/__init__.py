"""The commands that show the report: pure views, and the router that answers with them."""
