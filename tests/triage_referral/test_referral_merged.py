"""A mark stands for the file, wherever in a group of cases it came."""

from collections.abc import Callable

from referral_world import Office
from triage_world import SETTINGS, TODAY, new_thread

from dropbox.triage.cases import casebook
from dropbox.triage.casework import merging
from dropbox.triage.referral import marks
from dropbox.triage.vault.work import Work

CONTENT = b"isi berkas pertama"


def test_points_in_a_merged_case_keeps_the_same_file_in(office: Callable[..., Office]) -> None:
    """A file that points to the reporter in one case is not sent from the case that was merged with it."""
    here = office(("a.txt", CONTENT))
    thread = new_thread()
    sent = [here.world.report(thread), here.world.file(thread, 1, CONTENT, "b.txt")]
    here.world.take(here.vault, sent, number=2)
    merging.merge(Work(here.vault, SETTINGS, TODAY), casebook.case_of(here.vault, 2), here.case)
    marks.mark(Work(here.vault, SETTINGS, TODAY), here.case, 1, marks.GO)
    assert len(marks.files_to_send(here.vault, here.case)) == 1
    marks.mark(Work(here.vault, SETTINGS, TODAY), casebook.case_of(here.vault, 2), 1, marks.POINTS)
    assert marks.files_to_send(here.vault, here.case) == []
