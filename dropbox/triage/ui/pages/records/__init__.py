"""The forms of what is kept about a case besides its reports: holds, statements."""
