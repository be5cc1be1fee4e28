"""Judges the ways by which reporters reach the site: the proxy, its certificate, and Tor.

Rule: as in dropbox.server.checks: a function of the facts alone.
"""

from collections.abc import Iterator

from dropbox.limits import TLS_WARN_DAYS
from dropbox.sentences.catalogue import Sentence
from dropbox.server import proxy
from dropbox.server.entrances import Refused
from dropbox.server.facts import Facts
from dropbox.server.finding import Finding, Result, Unneeded, Unseen
from dropbox.wire.calendar import day_of


def judge_proxy(facts: Facts) -> Iterator[Result]:
    """Yield whether the proxy whose configuration is here listens, and what that does wrong."""
    if facts.routes is None:
        yield Unneeded()
        return
    if isinstance(facts.routes, Sentence):  # it may run on another machine
        yield Unseen(facts.routes)
        return
    if isinstance(facts.entrances.proxy, Sentence):
        yield Unseen(facts.entrances.proxy)
    elif not facts.entrances.proxy:
        yield Finding("proxy-down", Sentence("server-status.proxy-down"))
    yield from proxy.judge(facts.routes)


def judge_certificate(facts: Facts) -> Iterator[Result]:
    """Yield whether browsers take the certificate of the public address, and whether it ends soon."""
    seen = facts.entrances.certificate
    for address in facts.entrances.silent:
        yield Unseen(Sentence("unseen.no-certificate", address=address))
    if seen is None:
        yield Unneeded()
    elif isinstance(seen, Sentence):
        yield Unseen(seen)
    elif isinstance(seen, Refused):
        yield Finding("tls-refused", Sentence("server-status.tls-refused", reason=seen.reason))
    elif day_of(seen.end) - facts.today < min(TLS_WARN_DAYS, seen.days // 3):  # some are issued for six days
        yield Finding("tls-ends", Sentence("server-status.tls-ends", day=seen.end))


def judge_onion(facts: Facts) -> Iterator[Result]:
    """Yield whether Tor is connected to its network."""
    tor = facts.entrances.tor
    if tor is None:
        yield Unneeded()
    elif isinstance(tor, Sentence):
        yield Unseen(tor)
    elif not tor:
        yield Finding("onion-down", Sentence("server-status.onion-down"))
