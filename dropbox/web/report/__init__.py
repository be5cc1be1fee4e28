"""Takes a report without JavaScript: form, review, receipt."""
