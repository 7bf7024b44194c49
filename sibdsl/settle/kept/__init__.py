"""Runs that are kept: a folder with all that a run rests on but the records, which can be checked and explained elsewhere.

Source of the form: run folders reference.
"""
