"""Carries data between the store and bundles. Verifies signatures, decrypts nothing; its only key signs exports."""
