"""A bound on the threads that uploads may take in this process: the others stay free for words and answers."""

import contextlib
import threading
from collections.abc import Iterator

from dropbox.limits import UPLOAD_THREADS

_slots = threading.BoundedSemaphore(UPLOAD_THREADS)


@contextlib.contextmanager
def upload_slot() -> Iterator[bool]:
    """Whether a slot could be had; it is given back at the end of the block."""
    taken = _slots.acquire(blocking=False)
    try:
        yield taken
    finally:
        if taken:
            _slots.release()
