"""Whether two names, or two cases of two bodies, mean the same: names of people and units, keyed fingerprints."""
