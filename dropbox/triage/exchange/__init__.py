"""Exchange with the server over a USB drive: exports come in, signed returns go out."""
