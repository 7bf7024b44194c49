"""Whose rows count: the records and what each of their columns holds."""
