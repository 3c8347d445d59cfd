"""Pure machinery of the ledger: canonical bytes, the Merkle tree, signed heads, the audit. No Django, no database."""
