"""Floor 1. The tamper-evident record: entries, their tree, signed heads, followers."""
