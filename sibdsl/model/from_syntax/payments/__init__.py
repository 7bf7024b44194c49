"""What is paid: rates, tiers, sums and formulas, by whom, and what becomes of less than nought."""
