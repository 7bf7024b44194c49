"""Values for particulars and assumptions: what a contract writes, and what is given in place of it."""
