"""Slow, independent reference programs, and generators of records for them."""
