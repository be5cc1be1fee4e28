"""The tables of what follows from a case: dispositions, and the papers and recommendations of its follow-up."""
