"""An anonymous, end-to-end encrypted drop-box. README.md in this folder shows the house on one page.

Rule: a folder is a machine, or a thing that machines share; imports only point down (tests/test_layers.py).
"""
