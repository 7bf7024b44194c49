"""Which quantities can come about. The one place that knows; all else asks here."""
