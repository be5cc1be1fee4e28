"""Pages that explain, count or give out files; none of them takes a report."""
