"""Defines a command of `dropbox triage`: a row of the table of tasks, its arguments, and the function that it runs.

Rule: permission, purpose and page come from the table of tasks; a command adds only arguments and terminal output.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

from dropbox.settings.installation import Settings
from dropbox.triage.tasks import TASKS, Task
from dropbox.triage.vault.work import Work

Arguments = Callable[[ArgumentParser], None]  # adds the arguments of this command


def no_arguments(_parser: ArgumentParser) -> None:
    """Add nothing: the command takes only the common options."""


@dataclass(frozen=True)
class Command:
    """A command on an open vault; `run` returns the exit code."""

    name: str
    run: Callable[[Work, Namespace], int]
    arguments: Arguments = no_arguments

    @property
    def task(self) -> Task:
        """Return its row of the table of tasks."""
        return TASKS[self.name]


@dataclass(frozen=True)
class Beginning:
    """A command before a vault is open; `run` returns the exit code. `needs_vault`: whether it is told one by name."""

    name: str
    run: Callable[[Settings, Namespace], int]
    arguments: Arguments = no_arguments
    needs_vault: bool = True

    @property
    def task(self) -> Task:
        """Return its row of the table of tasks."""
        return TASKS[self.name]
