"""Runs `dropbox courier account …` and `dropbox courier serve`.

Rule: a key for codes and a device code are shown once, when they are made, and on the terminal alone; nothing names an
account but its list.
"""

import io
from argparse import Namespace

import pyotp
import segno

from dropbox.courier.pages.accounts import Accounts
from dropbox.courier.pages.throttle import device_code
from dropbox.disk.passphrases import ask_passphrase
from dropbox.disk.private import guard_process
from dropbox.disk.terminal import say, show
from dropbox.errors import NotFoundError
from dropbox.sentences.catalogue import Sentence, words_of
from dropbox.settings import installation


def run(options: Namespace) -> int:
    """Run `serve` or `account …` with parsed options; returns the exit code, raises DropboxError."""
    if options.command == "serve":
        from dropbox.courier.pages.serve import serve  # noqa: PLC0415  the other commands need no server

        serve(options.config, options.port)
        return 0
    guard_process()
    settings = installation.load(options.config)
    accounts = Accounts(settings.courier_page.folder)
    if options.act == "list":
        show(accounts.names())
    elif options.act == "remove":
        accounts.remove(options.name)
        say(Sentence("courier-page.removed"))
    else:
        passphrase = ask_passphrase(options.passphrase_file, is_new=True)
        change = accounts.add if options.act == "add" else accounts.reset
        secret = change(options.name, passphrase)
        made = accounts.find(options.name)
        if made is None:  # another administrator has removed it meanwhile
            raise NotFoundError("courier-page.unknown")
        _show_secret(secret, settings.site_name["id"], device_code(accounts.device_key, made.name, made.generation))
    return 0


def _show_secret(secret: str, site: str, device: str) -> None:
    """Show the key of an account's codes as a QR code for an authenticator app, and as text; and the device code."""
    address = pyotp.TOTP(secret).provisioning_uri(name="kurir", issuer_name=site)
    drawn = io.StringIO()
    segno.make(address, error="l", micro=False).terminal(drawn, compact=True)
    show([drawn.getvalue().rstrip("\n"), words_of("courier-page.secret"), " ".join(_groups(secret))])
    show([words_of("courier-page.device-code"), "-".join(_groups(device))])
    say(Sentence("courier-page.secret-once"))


def _groups(secret: str) -> list[str]:
    return [secret[at : at + 4] for at in range(0, len(secret), 4)]
