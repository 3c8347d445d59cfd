"""Floor 5. Charges, VietQR, settlement once."""
