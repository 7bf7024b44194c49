"""Tests of messages: their registry, their pages, and how they are shown."""
