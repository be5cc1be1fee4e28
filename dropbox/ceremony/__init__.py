"""Runs on the root's machine: makes the root key, certifies stations and servers, and revokes their keys."""
