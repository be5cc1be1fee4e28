"""A random walk of the real code: what can be done next, as far as people and machines can do it at all.

Rule: what the code refuses is chosen like the rest; only what has no meaning is left out, such as to carry a file that
does not exist. The guards are those of exchange.pml, asked of the real state.
"""

from random import Random

from real_exchange import Exchange

from dropbox.triage.vault.vault import DATABASE

_SERIALS = 3
_REPORTS = 2


class Walker:
    """Chooses events for an exchange."""

    def __init__(self, exchange: Exchange, seed: int) -> None:
        """Begin."""
        self._exchange, self._random = exchange, Random(seed)  # noqa: S311 - a walk that can be repeated
        self._sealed: dict[int, int] = {}  # by report the week
        self._sent: set[int] = set()
        self._past: list[str] = []
        self._serials = [1, 1]

    def next(self) -> tuple[str, tuple[int, int]]:
        """Return an event that is possible now."""
        events = self._reporters() + self._courier() + self._desks() + self._accidents()
        event = self._random.choice(events)
        self._note(*event)
        return event

    def _note(self, event: str, arguments: tuple[int, int]) -> None:
        self._past.append(event)
        match event:
            case "seal":
                self._sealed[arguments[0]] = self._exchange.week
            case "send":
                self._sent.add(arguments[0])
            case "certify" | "recertify":
                self._serials[arguments[0]] += 1

    def _is_rotten(self) -> bool:
        ends = ("rot", "read_copy", "lose", "promote", "restore")
        return next((event for event in reversed(self._past) if event in ends), "") == "rot"

    def _reporters(self) -> list[tuple[str, tuple[int, int]]]:
        one, week = self._exchange, self._exchange.week
        report = len(self._sealed)
        found = [
            ("seal", (report, desk))
            for desk in (0, 1)
            if report < _REPORTS and week < 1 and not (desk == 0 and one.is_closed())
        ]
        late = [report for report, sealed in self._sealed.items() if report not in self._sent and week <= sealed + 1]
        return found + [("send", (report, 0)) for report in late]

    def _courier(self) -> list[tuple[str, tuple[int, int]]]:
        one = self._exchange
        found = [("export", (0, 0))]
        found += [("take", (0, which)) for which, files in enumerate((one.newest, one.older)) if files[0]]
        found += [("take_list", (0, 0))] if "revoke" in self._past and not one.server()[-1] else []
        found += [("advance", (0, 0))] if one.week < 16 else []
        return found + ([("store_backup", (0, 0))] if "store_backup" not in self._past else [])

    def _desks(self) -> list[tuple[str, tuple[int, int]]]:
        one = self._exchange
        found = [("certify", (desk, 0)) for desk in (0, 1) if self._is_certified_next(desk)]
        if one.drive and not self._is_certified_next(1) and one.desk(1)[6] % 8 < 7:
            found.append(("round", (1, 0)))
        if one.alive:
            found += [("take_in", (0, which)) for which, file in enumerate((one.drive, one.drawer, one.drive)) if file]
            found += [("publish", (0, how)) for how in (0, 1) if one.desk(0)[6] < 8 * one.desk(0)[7] - 1]
            found += [("give_up", (0, 0))] if one.desk(0)[3] and not one.is_behind() else []
        return found

    def _is_certified_next(self, desk: int) -> bool:
        one = self._exchange
        if self._serials[desk] >= _SERIALS or (desk == 0 and not one.alive):
            return False
        last = one.certified_until(desk)
        is_revoked = desk == 0 and "revoke" in self._past and one.is_thiefs_station()
        return (last is None or last < one.day) and not is_revoked

    def _accidents(self) -> list[tuple[str, tuple[int, int]]]:
        one, found = self._exchange, []
        if "steal" in self._past:
            found += [("forge", (kind, 0)) for kind in range(5)]
            found += [("revoke", (0, 0))] if "revoke" not in self._past else []
            is_second = "revoke" in self._past and "recertify" not in self._past and self._serials[0] < _SERIALS
            found += [("recertify", (0, 0))] if is_second else []
        if "store_backup" in self._past and "store_restore" not in self._past:
            found.append(("store_restore", (0, 0)))
        if not one.alive:
            return [*found, ("restore", (0, 0))]
        is_fit = one.keyfiles and not one.is_behind() and not one.is_new()
        is_copied = one.keyfiles and not one.is_new() and (one.copies[0] / DATABASE).exists()
        found += [("forged_export", (0, kind)) for kind in range(3)] + [("lose", (0, 0))]
        found += [("back_up", (0, 0))] if is_fit and "back_up" not in self._past else []
        # Once in a walk: a serial has two key bundles. The second copy may lack the new keys, which is not seen here.
        found += (
            [("new_keys", (0, 0))] if not one.keyfiles and not one.is_behind() and "new_keys" not in self._past else []
        )
        found += [("promote", (0, 0))] if is_copied and "new_keys" not in self._past else []
        found += [("rot", (0, 0))] if not self._is_rotten() and one.has_receipted() else []
        found += [("read_copy", (0, 0))] if self._is_rotten() and one.keyfiles and not one.is_behind() else []
        found += [("kill_import", (0, 0))] if one.drive and not one.is_new() else []
        found += [("restore", (0, 0))] if "revoke" in self._past and one.is_thiefs_station() else []
        found += [("steal", (0, 0))] if one.desk(0)[7] and "steal" not in self._past and not one.is_behind() else []
        found += [("lose_keys", (0, 0))] if is_fit and one.desk(0)[5] and one.week <= 3 else []
        return found
