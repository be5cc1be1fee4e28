"""Delivers requests to pages and answers to clients; no thread waits for a slow client."""
