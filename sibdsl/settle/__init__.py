"""Lines to payments: what a run pays, to whom, and how it is written down."""
