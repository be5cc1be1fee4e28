"""What the desk shows its overseers: deadlines, log attestations, data-protection papers, policies."""
