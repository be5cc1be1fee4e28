"""Decodes pictures, and finds what else their files hold."""
