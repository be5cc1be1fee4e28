"""The courier: store to bundle and back. Verifies signatures, opens nothing, holds no key."""
