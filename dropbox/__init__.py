"""An anonymous, end-to-end encrypted drop-box. Four floors; an import only ever points down (tests/test_layers.py)."""
