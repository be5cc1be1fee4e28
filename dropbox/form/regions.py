"""Indonesia's provinces, kabupaten and kota by their Kemendagri codes, the same list for reporters and officers.

Rule: a name is only ever looked up, never mended: what a reporter typed stays as it was typed.
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
    """Name by code (two digits), in the order of the codes."""
    return MappingProxyType({code: name for code, name in _all().items() if len(code) == PROVINCE_DIGITS})


@functools.cache
def regencies() -> Mapping[str, str]:
    """Name by code (`32.04`), in the order of the codes; no name is there twice."""
    return MappingProxyType({code: name for code, name in _all().items() if len(code) > PROVINCE_DIGITS})


def _plain(name: str) -> str:
    words = re.sub(r"[^0-9a-z]+", " ", name.lower()).split()
    return " ".join({"kab": "kabupaten"}.get(word, word) for word in words)


@functools.cache
def _regency_codes() -> Mapping[str, str]:
    return {_plain(name): code for code, name in regencies().items()}


def regency_code(typed: str) -> str:
    """The code of a typed kabupaten or kota, in any case, "kab." allowed; empty if there is none."""
    return _regency_codes().get(_plain(typed), "")


def province_of(code: str) -> str:
    """The province's code of a regency's."""
    return code[:PROVINCE_DIGITS]
