"""Rules decided: proved, or shown where they turn."""
