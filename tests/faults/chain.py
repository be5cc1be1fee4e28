"""The courier's round, again and again, while a seeded choice of faults strikes every part of the chain.

Rule: after a fault the same documented command is run again, nothing else; a command that never succeeds, although all
faults are over, needs a hand, and that fails the run.
"""

import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dropbox.wire.bundle import parse_return
from dropbox.wire.receipt import parse_receipts
from dropbox.wire.signed import parse_object
from tests.faults.ledger import Ledger, Report
from tests.faults.processes import Running
from tests.faults.reporters import Reporters
from tests.faults.steps import BEGIN, COUNT
from tests.faults.strikes import Strikes
from tests.faults.verdict import Verdict, judge
from tests.faults.world import DESKS, World

_TRIES: Final = 40  # of a command, once nothing strikes it any more


@dataclass
class Chain:
    """A world with reporters, its ledger, and what struck it.

    Attributes:
        answers: how many new cases of a desk are answered in a round.
    """

    world: World
    reporters: Reporters
    ledger: Ledger
    choice: random.Random
    answers: int = 2
    _turn: int = 0
    _receipts: dict[str, list[bytes]] = field(default_factory=dict)
    _answered: dict[str, list[tuple[Report, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.strikes = Strikes(self.world, self.reporters, self.choice)

    # --- a round ----------------------------------------------------------------------------------------------

    def play(self, *, strikes: int, reports: int) -> None:
        """One round in which each command is struck so often, and the servers while so many reports are sent."""
        self.world.wires["site"].tearing = 0.3
        self.world.wires["gate"].tearing = 0.3
        if "database" in self.world.wires:
            self.world.wires["database"].tearing = 0.05
        self.reporters.allow(reports)
        for _ in range(4 * strikes):
            if self.reporters.have_ended():
                break
            self.strikes.server()
        self.reporters.await_all()
        self._round(strikes)

    def _round(self, strikes: int) -> None:
        self._turn += 1
        export = self._export(2 * strikes)  # there is one, for both desks
        with ThreadPoolExecutor(len(DESKS)) as pool:  # each has a machine of its own
            returns = [*pool.map(lambda desk: self._at_desk(desk, export, strikes), DESKS)]
        for desk, back in zip(DESKS, returns, strict=True):
            self._take_back(desk, back, strikes)
            self._receipts[desk] = _receipts(back)
        for path in (export, *returns):  # the courier empties the drive
            path.unlink()

    def finish(self, rounds: int = 2) -> None:
        """End all faults, send everybody home, and play the rounds after which nothing waits any more."""
        for wire in self.world.wires.values():
            wire.tearing = 0
        self.reporters.go_home()
        for error in self.reporters.failed:
            raise error
        self.world.await_all()
        for _ in range(rounds):
            self._round(0)

    def judge(self) -> Verdict:
        """Compare, after `finish`."""
        return judge(self.world, self.ledger, self.reporters, self._receipts)

    def _export(self, strikes: int) -> Path:
        through_gate = self.choice.random() < 0.5
        number = 0
        if through_gate:
            self.world.next_day()

        def argv() -> list[object]:
            nonlocal number
            if not through_gate or target().exists():  # a gate's download goes on under its name
                number += 1
            return self.world.courier("export", target(), through_gate=through_gate)

        def target() -> Path:
            return self.world.folder / "stick" / f"export-{self._turn * 1000 + number}"

        name = "export through the gate" if through_gate else "export"
        disks = ("server", "stick", "spool") if through_gate else ("server", "stick")
        self._insist(name, argv, strikes, disks, "server")
        for path in (self.world.folder / "stick").glob("export-*"):
            if path != target():  # whole as well, and older: a courier takes the newest one
                path.unlink()
        return target()

    def _at_desk(self, desk: str, export: Path, strikes: int) -> Path:
        disks = (f"vault-{desk}", f"vault-{desk}.copy")
        triage = self.world.triage
        self._insist("import", lambda: triage(desk, "import", export), strikes, disks, desk)
        self._answer(desk, strikes)
        back = self.world.folder / "stick" / f"return-{desk}-{self._turn}"
        self._insist("publish", lambda: triage(desk, "publish", back), strikes, (*disks, "stick"), desk)
        return back

    def _take_back(self, desk: str, back: Path, strikes: int) -> None:
        through_gate = self.choice.random() < 0.5
        argv = self.world.courier("import", back, through_gate=through_gate)
        name = "return through the gate" if through_gate else "return"
        self._insist(name, lambda: argv, strikes, ("server",), "server")
        for report, text in self._answered.pop(desk, []):
            report.answers.append(text)

    def _answer(self, desk: str, strikes: int) -> None:
        """Answer some new cases; a killed command is run again only if the case does not show its answer."""
        known = {report.what: report for report in self.ledger.reports}
        cases = self.world.read(desk, "list")
        waiting = [case for case in cases if case["status"] in ("TERKIRIM", "DITERIMA")]
        for number, case in enumerate(self.choice.sample(waiting, min(self.answers, len(waiting)))):
            report = known[case["fields"]["what"]]
            text = self.ledger.text("Jawaban.")
            letter = self.world.short / f"answer-{desk}.txt"
            letter.write_text(text, "utf-8")
            words = ("answer", case["case"], "--status", "TELAAH", "--text-file", letter)

            def argv(words: tuple[object, ...] = words) -> list[object]:
                return self.world.triage(desk, str(words[0]), *words[1:])

            def is_shown(name: str = case["case"], text: str = text) -> bool:
                return any(entry.get("text") == text for entry in self.world.read(desk, "show", name)["timeline"])

            self._insist("answer", argv, strikes if number == 0 else 0, (f"vault-{desk}",), desk, is_shown)
            if report.code:
                self._answered.setdefault(desk, []).append((report, text))

    # --- a command --------------------------------------------------------------------------------------------

    def _insist(
        self,
        stage: str,
        argv: Callable[[], list[object]],
        strikes: int,
        disks: Sequence[str],
        machine: str,
        is_done: Callable[[], bool] = lambda: False,
    ) -> None:
        """Strike a command several times, then run it until it succeeds."""
        for _ in range(strikes):
            self.strikes.command(stage, lambda die_at: self._start(stage, argv(), machine, die_at), disks, machine)
            if is_done():
                return
        running: Running | None = None
        for _ in range(_TRIES):
            running = self._start(stage, argv(), machine, BEGIN if stage in self.strikes.moments.steps else COUNT)
            if running.end() == 0:
                self.strikes.moments.learn(stage, running.seconds(), running.steps())
                return
            self.strikes.run_again()
            if "come back tomorrow" in running.text():
                self.world.next_day()
            if is_done():
                return
            time.sleep(0.2)  # a service that was killed comes back
        raise AssertionError(f"{stage} needs a hand: {running.text() if running else ''}")

    def _start(self, stage: str, argv: list[object], machine: str, die_at: int) -> Running:
        """Start a command; what an officer reads while answering is on a screen, all else could be kept in a log."""
        screen = self.world.short if stage == "answer" else None
        return self.world.run(*argv, machine=machine, die_at=die_at, screen=screen)

    # --- figures ----------------------------------------------------------------------------------------------

    def figures(self) -> str:
        """One line for each kind, for people."""
        sent, reports, files, answers = self.ledger.count()
        kills, faults = self.strikes.kills, dict(self.strikes.all_faults())
        lines = [f"reports begun {sent}, acknowledged {reports}, files {files}, answers {answers}"]
        lines += [f"kills {kills.total()}: {dict(kills.most_common())}"]
        lines += [f"steps from the first write on: {self.strikes.moments.steps}"]
        return "\n".join([*lines, f"faults: {dict(sorted(faults.items()))}", f"rounds {self._turn}"])


def _receipts(back: Path) -> list[bytes]:
    """The SHA-256 of all blobs for which a return has a receipt; its signatures were verified by the server."""
    objects = map(parse_object, parse_return(parse_object(back.read_bytes()).body).objects)
    return [blob for one in objects if one.label == "receipts" for blob in parse_receipts(one.body).blobs]
