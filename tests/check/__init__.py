"""Tests of the checks of whole contracts."""
