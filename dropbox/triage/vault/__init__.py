"""The vault: one folder with all keys and plaintext of a desk, and its one open connection."""
