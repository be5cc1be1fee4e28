"""The SQL of vault.db: one module a table, and no statement about a table outside its module (tests/test_tables.py)."""
