"""What is wrong or open in a contract, found from its text alone: no records, no quantities."""
