"""A report without JavaScript: form, review, receipt."""
