"""The root's machine: makes the root key, certifies stations and servers, revokes them."""
