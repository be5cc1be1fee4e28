"""Writes a verdict in words, and as JSON for a monitor.

Rule: whatever came from the site is shown as numbers, as addresses of this program, or made visible.
"""

import json
from collections.abc import Iterator

from dropbox.crypto.site_manifest import manifest_fingerprint
from dropbox.crypto.words import fingerprint_words
from dropbox.disk.visible import visible
from dropbox.sentences.catalogue import Sentence
from dropbox.verification.findings import DIFFERENT, SAME, Finding, Weight
from dropbox.verification.verdict import Verdict
from dropbox.wire.calendar import date_of
from dropbox.wire.signed import shown_number

_LINES_MAX = 100


def words(verdict: Verdict, url: str) -> list[str]:
    """Return the verdict as lines for a terminal."""
    return [*_head(verdict, url), *_findings(verdict), _conclusion(verdict)]


def line(finding: Finding) -> Sentence:
    """Return a finding as a line."""
    where = " ".join(filter(None, (finding.address, ", ".join(finding.faces))))
    label = "verify.line-different" if finding.weight is Weight.DIFFERENT else "verify.line-unseen"
    return Sentence(label, where=where or "-", sentence=finding.sentence)


def _head(verdict: Verdict, url: str) -> Iterator[str]:
    said = verdict.said
    yield Sentence("verify.asked", url=visible(url), count=verdict.asked)
    if said is None:
        return
    yield Sentence("verify.manifest", number=said.number, version=said.version, day=date_of(said.made))
    yield f"  {fingerprint_words(manifest_fingerprint(said.encode()))}"
    for desk in verdict.desks:
        if desk.keys:
            board = shown_number(desk.board) if desk.board else "-"
            yield Sentence("verify.desk", desk=desk.name, keys=shown_number(desk.keys), board=board)
        else:
            yield Sentence("verify.desk-without", desk=desk.name)
    if verdict.desks and not verdict.takes_files:
        yield Sentence("verify.no-files")


def _findings(verdict: Verdict) -> Iterator[str]:
    yield from map(line, verdict.findings[:_LINES_MAX])
    if len(verdict.findings) > _LINES_MAX:
        yield Sentence("verify.more", count=len(verdict.findings) - _LINES_MAX)


def _conclusion(verdict: Verdict) -> Sentence:
    if verdict.exit_code == SAME:
        return Sentence("verify.end-same")
    return Sentence("verify.end-different" if verdict.exit_code == DIFFERENT else "verify.end-unseen")


def as_json(verdict: Verdict, url: str) -> str:
    """Return the verdict as one JSON object; its names are stable."""
    said = verdict.said
    return json.dumps(
        {
            "url": url,
            "exit": verdict.exit_code,
            "requests": verdict.asked,
            "manifest": said
            and {
                "number": said.number,
                "version": said.version,
                "made": date_of(said.made).isoformat(),
                "fingerprint": manifest_fingerprint(said.encode()).hex(),
            },
            "desks": [{"name": desk.name, "keys": desk.keys, "board": desk.board} for desk in verdict.desks],
            "takes_files": verdict.takes_files if verdict.desks else None,
            "findings": [_json(one) for one in verdict.findings],
        },
        indent=2,
    )


def _json(one: Finding) -> dict[str, object]:
    return {
        "code": one.code,
        "weight": one.weight.value,
        "address": one.address,
        "place": visible(one.place),
        "faces": list(one.faces),
    }
