"""What every page of the site shares: the site value, language, sentences, checked forms, logging."""
