"""Sealed messages on their way into the store: sealed while they arrive, checked before they are kept."""
