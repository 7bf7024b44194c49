"""Ways out: what a message tells people to write is written, and what comes out must mean what stood there."""
