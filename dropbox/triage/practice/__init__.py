"""Makes a vault with made-up cases, in which officers learn and nothing is real."""
