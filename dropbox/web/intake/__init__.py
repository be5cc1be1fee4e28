"""Brings sealed messages into the store: sealed while they arrive, or checked before they are stored."""
