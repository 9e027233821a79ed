"""Log lines: fields, reasons in plain words, and repeated errors told once."""
