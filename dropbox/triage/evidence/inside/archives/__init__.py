"""Lists and opens the members of archives: ZIP by its own directory, all others through libarchive."""
