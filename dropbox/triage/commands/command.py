"""What a command of `dropbox triage` is: a row of the table of tasks, its arguments, and the function that it runs.

Rule: act, purpose and page come from the table of tasks; a command adds nothing but arguments and words for a terminal.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

from dropbox.settings.installation import Settings
from dropbox.triage.tasks import TASKS, Task
from dropbox.triage.vault.work import Work

Arguments = Callable[[ArgumentParser], None]  # adds what this command alone takes


def no_arguments(_parser: ArgumentParser) -> None:
    """Add nothing: the command takes the common options alone."""


@dataclass(frozen=True)
class Command:
    """A command on an open vault; `run` returns the exit code."""

    name: str
    run: Callable[[Work, Namespace], int]
    arguments: Arguments = no_arguments

    @property
    def task(self) -> Task:
        """Its row of the table of tasks."""
        return TASKS[self.name]


@dataclass(frozen=True)
class Beginning:
    """A command before a vault is open; `run` returns the exit code."""

    name: str
    run: Callable[[Settings, Namespace], int]
    arguments: Arguments = no_arguments

    @property
    def task(self) -> Task:
        """Its row of the table of tasks."""
        return TASKS[self.name]
