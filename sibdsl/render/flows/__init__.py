"""Who pays whom under a contract, drawn and told: a picture, a page, a screen, and data."""
