"""Hands the daily notice to the mail server of this machine (SMTP, RFC 5321).

Rule: whatever is in the mail and however long the store took, it is handed over at the same second after the start: a
mail says at which second it was sent. No address but 127.0.0.1 is asked.
"""

import smtplib
from time import monotonic, sleep
from typing import Final

from dropbox.errors import RefusedError

_HOST: Final = "127.0.0.1"
_PORT: Final = 25
_SEND_AFTER_SECONDS: Final = 120.0  # longer than `notice` asks the store
_TIMEOUT_SECONDS: Final = 60.0


def send(mail: str, sender: str, recipient: str, began: float) -> None:
    """Wait, and hand a mail over.

    Args:
        mail: headers and body (RFC 5322), in ASCII.
        sender: of the envelope.
        recipient: of the envelope.
        began: when the command began, by time.monotonic.

    Raises:
        RefusedError: no mail server answers, or it does not take the mail.
    """
    sleep(max(0.0, began + _SEND_AFTER_SECONDS - monotonic()))
    try:
        with smtplib.SMTP(_HOST, _PORT, local_hostname="localhost", timeout=_TIMEOUT_SECONDS) as server:
            server.sendmail(sender, [recipient], mail)  # text: its line ends become those of SMTP
    except (OSError, smtplib.SMTPException):
        raise RefusedError("daily.not-sent") from None
