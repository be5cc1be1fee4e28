"""Protects reporters beyond their requests: risk, questions after closing, the notice before an identity opens."""
