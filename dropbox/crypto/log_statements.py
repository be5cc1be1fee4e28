"""FORMAT "Log statement": verifies what a desk stated about its log, years later as well.

Rule: the certificate must have held on the day on which the statement was made; a revoked one never did.
"""

from dataclasses import replace

from dropbox.crypto.signing import Trust, open_object
from dropbox.errors import UntrustedError
from dropbox.wire.fields import Reader
from dropbox.wire.log_statement import LABEL, LogStatement, parse_log_statement
from dropbox.wire.signed import parse_object, read_head


def open_log_statement(trust: Trust, untrusted: bytes) -> LogStatement:
    """The statement of a file, if its desk's station made it.

    Args:
        trust: anchor, day and revocations.
        untrusted: a signed object.

    Raises:
        MalformedError: it breaks the grammar.
        UntrustedError: forged, of another root, under a certificate that did not hold that day, or of a day to come.
    """
    made = read_head(Reader(parse_object(untrusted).body, LABEL)).made
    body = open_object(replace(trust, today=made), untrusted, LABEL).body
    if made > trust.today + 1:  # whoever verifies may live a day behind the desk
        raise UntrustedError("the statement bears a day that is still to come: set the clock right")
    return parse_log_statement(body)
