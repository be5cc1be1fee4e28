"""Verifies a desk's attestation of its log, also years later (FORMAT "Log statement").

Rule: the certificate must be valid on the day of the attestation; a revoked key is never valid.
"""

from dataclasses import replace

from dropbox.crypto.signing import Trust, check_label, open_object
from dropbox.errors import UntrustedError
from dropbox.wire.calendar import Day
from dropbox.wire.fields import Reader
from dropbox.wire.log_statement import LABEL, LogStatement, parse_log_statement
from dropbox.wire.signed import parse_object, read_head


def open_log_statement(trust: Trust, untrusted: bytes) -> LogStatement:
    """Verify a log statement's file and return its content.

    Args:
        trust: anchor, day and revocations.
        untrusted: a signed object.

    Raises:
        MalformedError: it breaks the grammar.
        UntrustedError: forged, of another root, under a certificate that was not valid on that day, or of a future day.
    """
    parsed = parse_object(untrusted)
    check_label(parsed, LABEL)
    made = read_head(Reader(parsed.body, LABEL)).made
    body = open_object(replace(trust, today=Day(made)), untrusted, LABEL).body
    if made > trust.today + 1:  # the verifier's date may be a day behind the desk's
        raise UntrustedError("statement.future")
    return parse_log_statement(body)
