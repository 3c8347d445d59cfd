"""The public portal: home, account, look-up by code, verification of signed documents."""
