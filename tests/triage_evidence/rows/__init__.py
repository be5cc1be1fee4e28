"""Collects files of the kinds that people send, one small file a row, each made by code."""

import importlib
import pkgutil

from rows.row import Row


def all_rows() -> list[Row]:
    """Return the rows of every module of this folder, in the order of the modules' names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [row for name in names for row in getattr(importlib.import_module(f"rows.{name}"), "ROWS", [])]
