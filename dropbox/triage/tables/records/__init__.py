"""The tables of what is kept about a case besides its reports: holds, statements, letters that clear."""
