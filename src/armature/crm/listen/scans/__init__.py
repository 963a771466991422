"""Paper on its way to being heard: kept as it was scanned, read by machine page by page, then checked by a person."""
