"""What the store publishes, verified from the pinned root: trust, keyrings, boards."""
