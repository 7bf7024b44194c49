"""What was worked out, as documents for people."""
