"""Bounds the attempts to log in: a browser that has logged in before has its own allowance, strangers share another.

    slot of a name      keyed hash of what was typed, one of 1024: known and unknown names are treated alike
    device cookie       nonce ‖ HMAC-SHA-256(key, name ‖ generation ‖ nonce): OWASP, "device cookies"
    device code         80 bits of HMAC-SHA-256(key, "device code" ‖ name ‖ generation), which the courier types in a
                        browser that keeps no cookies

Rule: its state is bounded whatever names are typed, and nothing a stranger does takes an attempt from a known browser
or from who has the device code.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from dropbox.courier.pages.accounts import Account

ATTEMPTS: Final = 10  # at once; mistakes of a person who looks for the right phone
STRANGER_SECONDS: Final = 1800  # for another attempt: who knows a passphrase guesses a code in a year with 5 %
DEVICE_SECONDS: Final = 300
_SLOTS: Final = 1024
_DEVICES_MAX: Final = 256  # browsers whose attempts are counted; the one without an attempt for longest is forgotten
_NONCE_BYTES: Final = 16
_CODE_BYTES: Final = 10


def device_code(key: bytes, name: str, generation: str) -> str:
    """Return the device code of an account: 16 characters of base32 (RFC 4648, 6)."""
    mac = hmac.digest(key, f"device code\n{name}\n{generation}".encode(), hashlib.sha256)  # no name has a blank
    return base64.b32encode(mac[:_CODE_BYTES]).decode("ascii")


@dataclass
class _Allowance:
    left: float
    since: float


class Throttle:
    """Allowances of one process; a new process begins with whole ones.

    Args:
        key: of device cookies, 32 bytes.
        clock: seconds that never go back.
    """

    def __init__(self, key: bytes, clock: Callable[[], float]) -> None:
        self._key, self._clock = key, clock
        self._slot_key = secrets.token_bytes(32)
        self._strangers: dict[int, _Allowance] = {}
        self._devices: OrderedDict[bytes, _Allowance] = OrderedDict()
        self._lock = threading.Lock()

    def device(self, account: Account | None, untrusted: str) -> bytes | None:
        """Return the nonce of a device cookie that this account's browser was given; None for any other."""
        try:
            raw = base64.urlsafe_b64decode(untrusted.encode("ascii"))
        except (binascii.Error, ValueError):
            raw = b""
        nonce, mac = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
        name, generation = (account.name, account.generation) if account else ("", "")
        is_ours = hmac.compare_digest(mac, self._mac(name, generation, nonce))
        return nonce if is_ours and account else None

    def typed(self, account: Account | None, untrusted: str) -> bytes | None:
        """Return what the attempts of this account's device code are counted by; None for any other code."""
        known = device_code(self._key, account.name, account.generation) if account else device_code(self._key, "", "")
        plain = "".join(untrusted.replace("-", " ").split()).upper().encode("utf-8", "surrogatepass")
        is_ours = hmac.compare_digest(plain, known.encode("ascii"))
        return known.encode("ascii") if is_ours and account else None

    def cookie(self, account: Account, nonce: bytes | None) -> str:
        """Return the device cookie for a browser that has just logged in; it keeps the nonce that it had."""
        nonce = nonce or secrets.token_bytes(_NONCE_BYTES)
        return base64.urlsafe_b64encode(nonce + self._mac(account.name, account.generation, nonce)).decode("ascii")

    def take(self, name: str, device: bytes | None) -> bool:
        """Use up an attempt; returns False if none is left."""
        with self._lock:
            allowance, seconds = self._of(name, device)
            now = self._clock()
            allowance.left = min(ATTEMPTS, allowance.left + (now - allowance.since) / seconds)
            allowance.since = now
            if allowance.left < 1:
                return False
            allowance.left -= 1
            return True

    def give_back(self, name: str, device: bytes | None) -> None:
        """Return an attempt that succeeded, or that was not made."""
        with self._lock:
            allowance, _ = self._of(name, device)
            allowance.left = min(ATTEMPTS, allowance.left + 1)

    def _of(self, name: str, device: bytes | None) -> tuple[_Allowance, int]:
        if device is None:
            slot = int.from_bytes(self._digest(name), "big") % _SLOTS
            return self._strangers.setdefault(slot, _Allowance(ATTEMPTS, self._clock())), STRANGER_SECONDS
        allowance = self._devices.setdefault(device, _Allowance(ATTEMPTS, self._clock()))
        self._devices.move_to_end(device)
        if len(self._devices) > _DEVICES_MAX:
            self._devices.popitem(last=False)
        return allowance, DEVICE_SECONDS

    def _digest(self, name: str) -> bytes:
        return hmac.digest(self._slot_key, name.encode("utf-8", "surrogatepass"), hashlib.sha256)

    def _mac(self, name: str, generation: str, nonce: bytes) -> bytes:
        return hmac.digest(self._key, f"{name}\n{generation}\n".encode() + nonce, hashlib.sha256)
