"""What must happen now and then, in a thread of each worker: sweep, forget, and the daily rewrite.

Rule: one worker does a day's rewrite, claimed in the store; a failure is logged and tried again, never fatal.
"""

import os
import threading
from typing import Final

from dropbox.store.rewrite import rewrite
from dropbox.web import formmac
from dropbox.web.log import LOG
from dropbox.web.site import Site

_FIRST_SECONDS: Final = 60.0  # a server that is restarted often must still tidy
_EVERY_SECONDS: Final = 900.0
_REWRITE: Final = "rewrite"
_TICK: Final = "tick"


def tidy(site: Site) -> None:
    """One round."""
    now = site.clock().timestamp()
    # The database's files bear the time of their last write: this one's, rather than that of the last report.
    site.store.state.put(_TICK, os.urandom(8))
    site.store.blobs.sweep(now)
    formmac.forget_old(site.store, now)
    if site.store.state.claim_day(_REWRITE, site.utc_day()):
        try:
            rewrite(site.store)
        except BaseException:
            site.store.state.delete(_REWRITE)  # the next round tries again
            raise


def start(site: Site) -> threading.Thread:
    """Run rounds in a daemon thread until the process ends."""
    pause = threading.Event()

    def run() -> None:
        wait = _FIRST_SECONDS
        while not pause.wait(wait):
            wait = _EVERY_SECONDS
            try:
                tidy(site)
            except Exception as error:  # noqa: BLE001  # tomorrow's round must come whatever happened today
                LOG.error("housekeeping failed: %s", type(error).__name__)

    thread = threading.Thread(target=run, name="housekeeping", daemon=True)
    thread.start()
    return thread
