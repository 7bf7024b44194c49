"""What limits payments, and what is paid before results: caps and block advances."""
