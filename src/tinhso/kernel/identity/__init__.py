"""Floor 3. Accounts, parties, roles at units, policies, and who looked at whose data."""
