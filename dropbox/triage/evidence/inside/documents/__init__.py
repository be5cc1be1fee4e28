"""Reads documents of office programs: their text, what they hide, what they would fetch. LibreOffice draws them."""
