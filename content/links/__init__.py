"""What the machine finds at the addresses that articles print. It stands beside what people found, and never replaces it."""
