"""Delivered extracts in; the rows that break a rule out, and a line of the data query log for each of them."""
