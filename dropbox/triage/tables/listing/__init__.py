"""Tables about the lists of cases."""
