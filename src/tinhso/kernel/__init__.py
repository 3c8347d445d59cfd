"""Three engines and what they stand on. No HTML here."""
