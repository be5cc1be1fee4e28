"""Reads recordings, sound and film, inside the sandbox (ffmpeg)."""
