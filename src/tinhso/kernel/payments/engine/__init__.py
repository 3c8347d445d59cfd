"""Pure machinery of payments: QR payloads, pictures, signatures of callbacks, reconciliation. Knows no table."""
