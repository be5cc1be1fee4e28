"""What happens to the machines of desk A and to the server."""

import os
import shutil
from unittest.mock import patch

from machines import DONE, Machines
from triage_world import (
    CHEAP,
    FIRST_OFFICER,
    LOGIN,
    PASSPHRASE,
)

from dropbox.store.copies.backup import back_up as back_up_store
from dropbox.store.copies.restore import restore as restore_store
from dropbox.store.database import Store
from dropbox.triage.intake.trial_decryption import OPENED
from dropbox.triage.maintenance import backup, restoring, second_copies
from dropbox.triage.tables import seen
from dropbox.triage.vault import known_exports, second_copy, whole_copy
from dropbox.triage.vault.creating import create_vault
from dropbox.triage.vault.schema import connect
from dropbox.triage.vault.vault import DATABASE


class _KilledError(Exception):
    """The process ends here."""


class Accidents(Machines):
    """Loss, old files, rot, kills, backups."""

    def _back_up(self, *_: int) -> None:
        self._image = self._new_folder()
        self._image.mkdir(mode=0o700)
        with self._vault(0) as vault:
            backup.back_up(self._work(vault), self._image / "backup")
        shutil.copytree(self.paths[0], self._image / "vault")

    def _lose(self, *_: int) -> None:
        for path in (self.paths[0], self.copies[0]):
            path.rename(self._new_folder())
        self.alive, self.keyfiles = False, True

    def _restore(self, *_: int) -> None:
        self._stations += 1
        self.paths[0], self.copies[0] = self._new_folder(), self._new_folder()
        if self._image:
            restoring.restore(self._image / "backup", self.paths[0], self.copies[0], LOGIN, PASSPHRASE, self.day)
        else:
            create_vault(
                self.paths[0],
                copy=self.copies[0],
                desk="itjen",
                anchor=self.world.anchor,
                first=FIRST_OFFICER,
                cost=CHEAP,
            ).close()
        self.alive, self.keyfiles = True, True

    def _promote(self, *_: int) -> None:
        self.paths[0].rename(self._new_folder())
        self.paths[0], self.copies[0] = self.copies[0], self._new_folder()
        with self._vault(0) as vault:
            second_copy.begin_anew(vault, self.copies[0])

    def _go_back(self, *_: int) -> None:
        assert self._image is not None
        with self._vault(0) as vault:
            key = vault.key
        shutil.rmtree(self.paths[0])
        shutil.copytree(self._image / "vault", self.paths[0])
        db = connect(self.paths[0] / DATABASE, key)
        db.execute("update meta set value = ? where name = 'copy'", (os.fsencode(self.copies[0].resolve()),))
        db.close()

    def _lose_keys(self, *_: int) -> None:
        for folder in (self.paths[0], self.copies[0]):
            for path in (folder / "epochs").iterdir():
                path.unlink()
        self.keyfiles = False

    def _new_keys(self, *_: int) -> None:
        with self._vault(0) as vault:
            second_copies.new_keys(self._work(vault))
        self.keyfiles = True

    def _receipted(self) -> list[str]:
        with self._vault(0) as vault:
            held = seen.held(vault.db)
            return [str(one.file) for one in held if one.outcome == OPENED and one.copied and one.told]

    def has_receipted(self) -> bool:
        """Return whether desk A has a report in two places, and said so."""
        return bool(self._receipted())

    def _rot(self, *_: int) -> None:
        for name in self._receipted():
            path = self.copies[0] / "blobs" / name
            data = path.read_bytes()
            path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))

    def _read_copy(self, *_: int) -> None:
        with self._vault(0) as vault:
            whole_copy.mend(vault, self.day)
            assert whole_copy.damaged(vault) == 0

    def _store_backup(self, *_: int) -> None:
        self._backed = self._new_folder() / "backup"
        self._backed.parent.mkdir(mode=0o700)
        back_up_store(self._url, self._backed)

    def _store_restore(self, *_: int) -> None:
        assert self._backed is not None
        self.store.close()
        self._url = f"sqlite:///{self._new_folder()}"
        restore_store(self._backed, self._url)
        self.store = Store.open(self._url)

    def _kill_import(self, desk: int, _: int) -> str:
        def kill(*_: object) -> None:
            raise _KilledError

        assert self.drive is not None
        with patch.object(known_exports, "_remember", kill), patch.object(second_copy, "sync", kill):
            try:
                return self._import(desk, self.drive)
            except _KilledError:
                return DONE

    def _old_keys(self, *_: int) -> str:
        assert self.drive is not None
        assert self._image is not None
        return self._import(0, self.drive, self._image / "vault")
