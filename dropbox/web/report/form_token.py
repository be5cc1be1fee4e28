"""Makes and checks the token of a form, which proves that this server made the form's code and words.

    mac = bucket ‖ "." ‖ PRF(bucket key, "form", code, words)[0:16], hex

Rule: a bucket lasts 48 hours; the current and the last one are taken, so that a form lives two to four days. Bucket
keys are in the store, so that workers and restarts share them; they protect no content.
"""

import hmac
import os
from typing import Final

from dropbox.crypto.kdf import prf
from dropbox.crypto.secret import ReporterSecret
from dropbox.limits import FORM_MAC_HOURS
from dropbox.store.database import Store

_PREFIX: Final = "form-mac/"
_MAC_BYTES: Final = 16
_REMEMBERED: Final = 15  # buckets: a tab that is loaded again within a month is told what became of its report
FRESH: Final = "fresh"
LATE: Final = "late"
FOREIGN: Final = "foreign"


def _bucket(now: float) -> int:
    return int(now // (FORM_MAC_HOURS * 3600))


def _value(key: bytes, secret: ReporterSecret) -> str:
    return prf(key, "form", secret.code.encode(), secret.words.encode())[:_MAC_BYTES].hex()


def make(store: Store, secret: ReporterSecret, now: float) -> str:
    """Return the token for a form that is shown now (seconds since 1970)."""
    bucket = _bucket(now)
    name = f"{_PREFIX}{bucket}"
    key = store.state.get(name) or store.state.setdefault(name, os.urandom(32))
    return f"{bucket}.{_value(key, secret)}"


def origin(store: Store, secret: ReporterSecret, untrusted_mac: str, now: float) -> str:
    """Return whether this server made the token, and when.

    Args:
        store: with the keys of the buckets.
        secret: code and words of the form.
        untrusted_mac: the token, as it was posted.
        now: seconds since 1970.

    Returns:
        FRESH: made by this server, of the current or the last bucket. LATE: made by this server in the last weeks.
        FOREIGN: not issued by this server, or its key is gone.
    """
    bucket, _, value = untrusted_mac.partition(".")
    current = _bucket(now)
    if bucket not in map(str, _kept(now)):
        return FOREIGN
    key = store.state.get(f"{_PREFIX}{bucket}")
    if key is None or not hmac.compare_digest(_value(key, secret).encode(), value.encode()):
        return FOREIGN
    return FRESH if int(bucket) >= current - 1 else LATE


def _kept(now: float) -> range:
    return range(_bucket(now) - _REMEMBERED, _bucket(now) + 1)


def forget_old(store: Store, now: float) -> None:
    """Delete the keys of buckets that are too old to be recognized (`now` in seconds since 1970)."""
    keep = {f"{_PREFIX}{bucket}" for bucket in _kept(now)}
    for name in store.state.names(_PREFIX):
        if name not in keep:
            store.state.delete(name)
