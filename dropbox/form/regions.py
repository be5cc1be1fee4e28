"""Looks up Indonesia's provinces, kabupaten and kota by their Kemendagri codes: one list for reporters and officers.

Rule: names are looked up and never corrected: a reporter's text stays as it was typed.
"""

import functools
import importlib.resources
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

PROVINCE_DIGITS: Final = 2


@functools.cache
def _all() -> Mapping[str, str]:
    lines = (importlib.resources.files("dropbox.form") / "regions.txt").read_text("utf-8").splitlines()
    split = (line.partition(" ") for line in lines if not line.startswith("#"))
    return MappingProxyType({code: name for code, _, name in split})


@functools.cache
def provinces() -> Mapping[str, str]:
    """Return the names of provinces by code (two digits), in the order of the codes."""
    return MappingProxyType({code: name for code, name in _all().items() if len(code) == PROVINCE_DIGITS})


@functools.cache
def regencies() -> Mapping[str, str]:
    """Return the names of kabupaten and kota by code (`32.04`), in the order of the codes; names are unique."""
    return MappingProxyType({code: name for code, name in _all().items() if len(code) > PROVINCE_DIGITS})


def _plain(name: str) -> str:
    words = re.sub(r"[^0-9a-z]+", " ", name.lower()).split()
    return " ".join({"kab": "kabupaten"}.get(word, word) for word in words)


@functools.cache
def _regency_codes() -> Mapping[str, str]:
    return {_plain(name): code for code, name in regencies().items()}


def regency_code(typed: str) -> str:
    """Return the code of a typed kabupaten or kota, in any case, "kab." allowed; "" if it is unknown."""
    return _regency_codes().get(_plain(typed), "")


def province_of(code: str) -> str:
    """Return the code of the province of a kabupaten or kota, given by its code."""
    return code[:PROVINCE_DIGITS]
