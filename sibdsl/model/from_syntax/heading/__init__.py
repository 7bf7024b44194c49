"""The contract block: its clocks, currency and rounding; parties, particulars and assumptions."""
