"""Writes the courier's daily notice as a mail: whether something is to be done, sealed to the courier's key.

Rule: every day there is one mail of the same length, from the same timer, whatever the store holds and also when it
cannot be asked. A program of mail takes the mail from stdout, or the mail server of this machine with `--send`.
"""

import datetime
import threading
from argparse import Namespace
from pathlib import Path
from time import monotonic
from typing import Final

from dropbox.courier import mailing
from dropbox.courier.gate.client import Gate, State
from dropbox.courier.through_gate import is_one_of
from dropbox.crypto.notices import seal_notice
from dropbox.disk.small import read_small
from dropbox.disk.terminal import say, show
from dropbox.errors import ConfigurationError, DropboxError, GateError
from dropbox.sentences.catalogue import spoken
from dropbox.settings.installation import Settings
from dropbox.wire.calendar import day_of
from dropbox.wire.notice import NOTHING, SOMETHING, UNKNOWN, Notice, notice_text, parse_key

_KEY_MAX_BYTES: Final = 4096
_ASK_SECONDS: Final = (
    60.0  # for the whole question; well before `mailing` hands over, so that no second says how it went
)
_MAIL: Final = """\
From: <{sender}>
To: <{to}>
Subject: Pemberitahuan harian
MIME-Version: 1.0
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit

{notice}"""


def write(options: Namespace, settings: Settings) -> int:
    """Print or send the mail (RFC 5322, without Date, which the mail server adds); returns 1 if no store was asked.

    Args:
        options: `socket` of the gate, or None: a user who is named in courier.users goes through that of the settings;
            `send`, else the mail is printed.
        settings: key, sender and recipient.

    Raises:
        ConfigurationError: there is no key in the settings: the notice is off.
        MalformedError, NotFoundError, TooLargeError: the key's file is not one.
        RefusedError: the mail server does not take the mail.
    """
    began = monotonic()
    chosen = settings.courier
    if chosen.notice_key is None:
        raise ConfigurationError("daily.off")
    key = parse_key(read_small(chosen.notice_key, _KEY_MAX_BYTES))
    value = UNKNOWN
    try:
        state = _in_time(options.socket or (chosen.socket if is_one_of(chosen.users) else None), settings)
        value = SOMETHING if state.waiting or state.is_urgent else NOTHING
    except DropboxError as error:
        say(error.sentence(spoken()))
    today = day_of(datetime.datetime.now(datetime.UTC).date())
    notice = notice_text(seal_notice(key, Notice(today, value)))
    mail = _MAIL.format(sender=chosen.notice_from, to=chosen.notice_to, notice=notice.rstrip())
    if options.send:
        mailing.send(mail, chosen.notice_from, chosen.notice_to, began)
    else:
        show([mail])
    return 1 if value == UNKNOWN else 0


def _in_time(socket: Path | None, settings: Settings) -> State:
    """Ask, for _ASK_SECONDS at most: a gate that sends a byte now and then keeps within the limit of each read."""
    answers: list[State | Exception] = []

    def ask() -> None:
        try:
            answers.append(_state(socket, settings))
        except Exception as error:  # noqa: BLE001  raised below, in the thread that asked
            answers.append(error)

    asked = threading.Thread(target=ask, daemon=True)  # it only reads, and ends with the process at the latest
    asked.start()
    asked.join(_ASK_SECONDS)
    if not answers:
        raise GateError("daily.late")
    if isinstance(answers[0], Exception):
        raise answers[0]
    return answers[0]


def _state(socket: Path | None, settings: Settings) -> State:
    if socket:
        return Gate(socket).state()
    from dropbox.courier import commands  # noqa: PLC0415  loads the store

    return commands.state(settings)
