"""Runs housekeeping in a thread of each worker: drops old keys of form tokens, tidies the store, writes the log, makes
the pages.

Rule: tidyings come at whole multiples of `store.tidy_seconds`, whatever anybody sends; a failure is logged and tried
again, never fatal. What the log has held back is written then, so that its lines tell no times either.
"""

import threading
import time
from collections.abc import Callable
from typing import Final

from dropbox.web.base.log import LOG, release
from dropbox.web.base.site import Site
from dropbox.web.report import form_token

_EPSILON_SECONDS: Final = 0.01  # a clock that is read a little early must not make a tidying twice


def tidy(site: Site) -> None:
    """Run one round."""
    now = site.clock()
    form_token.forget_old(site.store, now.timestamp())
    site.upkeep.tidy(now.timestamp(), site.settings.night(now))


def start(site: Site, make_pages: Callable[[], None]) -> threading.Thread:
    """Run rounds in a daemon thread until the process ends.

    Args:
        site: the running site.
        make_pages: makes the pages that are equal for all; called at the start and after each tidying, so also at
            midnight.
    """
    pause = threading.Event()

    def run() -> None:
        _guarded(make_pages)
        every = site.settings.tidy_seconds
        while not pause.wait(every - time.time() % every + _EPSILON_SECONDS):
            _guarded(lambda: tidy(site))
            _guarded(make_pages)
            release()

    thread = threading.Thread(target=run, name="housekeeping", daemon=True)
    thread.start()
    return thread


def _guarded(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception as error:  # noqa: BLE001  # the next round must come whatever happened in this one
        LOG.error("housekeeping failed: %s", type(error).__name__)
