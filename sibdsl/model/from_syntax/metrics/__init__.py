"""What is measured: metrics of records, their bands and routes, and what is worked out from their quantities."""
