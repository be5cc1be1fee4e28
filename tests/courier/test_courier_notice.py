"""The daily notice: one mail of one length, which the courier's key alone opens."""

import hashlib
import os
import pwd
import socket
import threading
from pathlib import Path

import nacl.bindings
import pytest
from courier_desks import TODAY, Office, put_blob
from gate_support import open_gate
from hypothesis import given
from hypothesis import strategies as st
from test_courier_status import calm, run, surveyed

from dropbox.courier import mailing, notice
from dropbox.crypto.kdf import prf
from dropbox.crypto.notices import seal_notice
from dropbox.crypto.private.courier_key import CourierKey, open_notice
from dropbox.errors import MalformedError, NotForThisKeyError
from dropbox.wire.calendar import Day, date_of
from dropbox.wire.notice import (
    NOTHING,
    SEALED_BYTES,
    SOMETHING,
    UNKNOWN,
    Notice,
    encode_key,
    find_notice,
    notice_text,
    parse_key,
    parse_notice,
)

__all__ = ["calm"]  # the fixture
KEY = CourierKey.generate()
PASSPHRASE = "lima kata acak untuk kurir"
NOTICES = st.builds(Notice, st.integers(0, 2**32 - 1).map(Day), st.sampled_from([SOMETHING, NOTHING, UNKNOWN]))


@pytest.fixture
def courier(tmp_path: Path) -> Path:
    """The courier's own folder, with a passphrase."""
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    (tmp_path / "passphrase").chmod(0o600)
    return tmp_path


def switch_on(office: Office, key: Path) -> None:
    with office.config.open("a") as file:
        file.write(f'[courier]\nnotice_key = "{key}"\nnotice_from = "a@example.id"\nnotice_to = "b@example.id"\n')


@given(NOTICES)
def test_what_is_sealed_is_opened(notice: Notice) -> None:
    """By the key to which it was sealed, and always as many bytes."""
    sealed = seal_notice(KEY.public.raw, notice)
    assert len(sealed) == SEALED_BYTES
    assert open_notice(KEY, find_notice(notice_text(sealed).encode())) == notice


def test_a_second_implementation_opens_it() -> None:
    """Step by step as FORMAT says."""
    notice = Notice(Day(TODAY), SOMETHING)
    sealed = seal_notice(KEY.public.raw, notice)
    ciphertext = sealed[:1120]
    key = prf(KEY.decapsulate(ciphertext), "courier notice", hashlib.sha256(KEY.public.raw).digest(), ciphertext)
    body = nacl.bindings.crypto_aead_chacha20poly1305_ietf_decrypt(sealed[1120:], None, bytes(12), key)
    assert body == b"DBXT\x01" + TODAY.to_bytes(4, "big") + b"\x01"


@given(st.integers(0, SEALED_BYTES - 1), st.integers(1, 255))
def test_an_altered_notice_is_not_opened(at: int, change: int) -> None:
    """Whichever byte is changed, there is no meaning; the same for another key."""
    sealed = bytearray(seal_notice(KEY.public.raw, Notice(Day(1), NOTHING)))
    with pytest.raises(NotForThisKeyError):
        open_notice(CourierKey.generate(), bytes(sealed))
    sealed[at] ^= change
    with pytest.raises(NotForThisKeyError):
        open_notice(KEY, bytes(sealed))


@pytest.mark.parametrize(
    "body", [b"", b"DBXT\x01\0\0\0\1", b"DBXT\x01\0\0\0\1\0", b"DBXT\x01\0\0\0\1\4", b"DBXT\2\0\0\0\1\1"]
)
def test_a_body_has_one_form(body: bytes) -> None:
    """A short one, an unknown value and another version are refused."""
    with pytest.raises(MalformedError):
        parse_notice(body)


def test_it_is_found_in_a_saved_mail() -> None:
    """With headers, line ends of Windows or quoted in a reply; not when a line is missing or a sign is foreign."""
    sealed = seal_notice(KEY.public.raw, Notice(Day(1), NOTHING))
    text = notice_text(sealed)
    saved = f"Received: x\nSubject: y\n\n{text}\n-- \nsignature é\n"
    assert find_notice(saved.encode()) == sealed
    assert find_notice(saved.replace("\n", "\r\n").encode()) == sealed
    assert find_notice("".join(f"> {line}\n" for line in text.splitlines()).encode()) == sealed
    lines = text.splitlines()
    for wrong in (
        "",
        "\n".join(lines[:3] + lines[4:]),
        text.replace(lines[2], lines[2][:-1] + "!"),
        "\n".join(lines[:-1]),
    ):
        with pytest.raises(MalformedError):
            find_notice(wrong.encode())


@pytest.mark.parametrize("wrong", [b"", b"dropbox courier key v1\n", b"dropbox root key v1\n", encode_key(bytes(1215))])
def test_a_key_file_has_one_form(wrong: bytes) -> None:
    """A whole file of this kind is read, and nothing else."""
    assert parse_key(encode_key(KEY.public.raw)) == KEY.public.raw
    with pytest.raises(MalformedError):
        parse_key(wrong)


def test_a_week_of_mails(
    calm: Office, courier: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The courier makes a key; with nothing, with something and without a store the mails differ in no length."""
    asked = ("--passphrase-file", courier / "passphrase")
    assert run(capsys, "notice-key", courier / "key", *asked)[0] == 0
    assert (courier / "key").stat().st_mode & 0o777 == 0o600
    assert run(capsys, "notice-key", courier / "key", *asked)[0] == 1  # never overwritten
    switch_on(calm, courier / "key.pub")
    mails = [run(capsys, "notice", "--config", calm.config)]
    put_blob(calm.store)
    mails.append(run(capsys, "notice", "--config", calm.config))
    calm.config.write_text(calm.config.read_text().replace("store.db", "gone.db"))
    mails.append(run(capsys, "notice", "--config", calm.config))
    assert [code for code, _, _ in mails] == [0, 0, 1]
    assert len({len(out) for _, out, _ in mails}) == 1
    heads = {out.split("-----BEGIN")[0] for _, out, _ in mails}
    assert len(heads) == 1
    assert "Subject: Pemberitahuan harian\n" in heads.pop()
    monkeypatch.setenv("DROPBOX_LANG", "en")
    for (_, mail, _), word in zip(
        mails, ("nothing is to be done", "something is to be done", "could not be asked"), strict=True
    ):
        (courier / "mail").write_text(mail)
        code, out, _ = run(capsys, "notice-read", courier / "mail", "--key", courier / "key", *asked)
        assert (code, word in out, str(date_of(TODAY)) in out) == (0, True, True)


class MailServer:
    """A mail server that keeps what it is given; as much of RFC 5321 as a client needs."""

    def __init__(self, answer: bytes = b"250 ok\r\n") -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.mails: list[str] = []
        self.said: list[str] = []
        self._answer = answer

    def serve_one(self) -> None:
        """Take one connection to its end."""
        connection, _ = self.socket.accept()
        with connection, connection.makefile("rwb") as file:
            file.write(b"220 here\r\n")
            file.flush()
            for line in file:
                command = line.decode().strip().lower()
                self.said.append(command)
                if command == "data":
                    file.write(b"354 go on\r\n")
                    file.flush()
                    self.mails.append(b"".join(iter(file.readline, b".\r\n")).decode("ascii"))
                file.write(b"221 bye\r\n" if command == "quit" else self._answer)
                file.flush()
                if command == "quit":
                    return


def test_it_is_handed_over_at_the_same_second(
    calm: Office, courier: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With nothing and with something the mails differ in no length, and each waits as long after its start."""
    (courier / "key.pub").write_bytes(encode_key(KEY.public.raw))
    switch_on(calm, courier / "key.pub")
    paused: list[float] = []
    began, sent = iter((0.0, 1000.0)), iter((3.0, 1050.0))
    monkeypatch.setattr("dropbox.courier.notice.monotonic", lambda: next(began))
    monkeypatch.setattr(mailing, "monotonic", lambda: next(sent))
    monkeypatch.setattr(mailing, "sleep", paused.append)
    server = MailServer()
    monkeypatch.setattr(mailing, "_PORT", server.port)
    monkeypatch.setattr(mailing, "_TIMEOUT_SECONDS", 20.0)
    for _ in range(2):
        thread = threading.Thread(target=server.serve_one)
        thread.start()
        assert run(capsys, "notice", "--send", "--config", calm.config)[:2] == (0, "")
        thread.join()
        put_blob(calm.store)
    assert paused == [117.0, 70.0]
    assert len({len(mail) for mail in server.mails}) == 1
    values = [open_notice(KEY, find_notice(mail.encode())).value for mail in server.mails]
    assert values == [NOTHING, SOMETHING]
    assert server.said.count("rcpt to:<b@example.id>") == 2
    server.socket.close()


def test_a_store_that_never_answers_is_not_waited_for(
    calm: Office, courier: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question ends at one limit, well before the second of the mail, and the mail says that nothing is known."""
    (courier / "key.pub").write_bytes(encode_key(KEY.public.raw))
    switch_on(calm, courier / "key.pub")
    answered = threading.Event()
    monkeypatch.setattr("dropbox.courier.notice._state", lambda *_: answered.wait())
    assert 2 * notice._ASK_SECONDS <= mailing._SEND_AFTER_SECONDS
    monkeypatch.setattr(notice, "_ASK_SECONDS", 0.01)
    code, mail, err = run(capsys, "notice", "--config", calm.config)
    answered.set()
    assert (code, "in time" in err or "tepat waktu" in err) == (1, True)
    assert open_notice(KEY, find_notice(mail.encode())).value == UNKNOWN


def test_a_mail_that_nobody_takes_is_an_error(
    calm: Office, courier: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a mail server, or with one that refuses, the command fails, and prints nothing of the mail."""
    (courier / "key.pub").write_bytes(encode_key(KEY.public.raw))
    switch_on(calm, courier / "key.pub")
    monkeypatch.setattr(mailing, "_SEND_AFTER_SECONDS", 0.0)
    server = MailServer(b"550 no\r\n")
    monkeypatch.setattr(mailing, "_PORT", server.port)
    thread = threading.Thread(target=server.serve_one)
    thread.start()
    code, out, err = run(capsys, "notice", "--send", "--config", calm.config)
    thread.join()
    server.socket.close()
    assert (code, out, "took the notice" in err or "menerima pemberitahuan" in err) == (1, "", True)
    code, out, _ = run(capsys, "notice", "--send", "--config", calm.config)
    assert (code, out) == (1, "")


def test_it_is_off_without_a_key(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    """Then no mail is written."""
    code, out, _ = run(capsys, "notice", "--config", office.config)
    assert (code, out) == (1, "")


def test_something_is_to_be_done_for_a_late_desk(calm: Office) -> None:
    """A desk that is late is something, also when no report waits."""
    late = surveyed(calm, TODAY + 30)
    assert (late.waiting, late.is_urgent) == (False, True)


@pytest.mark.parametrize("address", ["", "a", "a@b@c", "a@b\\nBcc: c@d", "a b@c", "<a@b>", "é@b"])
def test_an_address_is_one_address(
    office: Office, courier: Path, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """No header can be added through the settings."""
    (courier / "key.pub").write_bytes(encode_key(KEY.public.raw))
    switch_on(office, courier / "key.pub")
    office.config.write_text(office.config.read_text().replace("b@example.id", address))
    code, out, err = run(capsys, "notice", "--config", office.config)
    assert (code, out) == (1, "")
    assert "notice_to" in err


def test_it_is_written_through_the_gate(calm: Office, courier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A user without access to the store writes the same mail."""
    put_blob(calm.store)
    (courier / "key.pub").write_bytes(encode_key(KEY.public.raw))
    with open_gate(calm) as opened:
        config = courier / "courier.toml"
        config.write_text(
            f'[courier]\nsocket = "{opened.socket}"\nusers = ["{_own_name()}"]\n'
            f'notice_key = "key.pub"\nnotice_from = "a@example.id"\nnotice_to = "b@example.id"\n'
        )
        code, mail, _ = run(capsys, "notice", "--config", config)
    assert code == 0
    assert open_notice(KEY, find_notice(mail.encode())) == Notice(Day(TODAY), SOMETHING)


def _own_name() -> str:
    return pwd.getpwuid(os.getuid()).pw_name
