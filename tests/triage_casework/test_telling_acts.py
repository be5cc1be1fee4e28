"""No act that tells reporters something is forgotten: the source is compared with telling_acts."""

import ast
import functools
from pathlib import Path

from telling_acts import BOUND, RECORDED
from test_work_outgoing import ACTS

from dropbox import triage
from dropbox.triage.casework import refusal
from dropbox.triage.referral import propose as proposing
from dropbox.triage.ui.pages import case, proposals, referral, tracks
from dropbox.triage.ui.pages.safety import acts as safety

TRIAGE = Path(triage.__file__).parent
TESTS = Path(__file__).parents[1]
# Forms that show what they tell outside of the pages' tables of previews, and where.
SHOWN_ELSEWHERE = {
    "persetujuan": "pages.proposals: each proposal of _TELLING",
    "pemberitahuan": "pages.safety.acts: the notice before an opening",
    "jawaban": "pages.receivers: the answer of another body",
}


@functools.cache
def _calls() -> dict[str, set[str]]:
    """By the name of a function: the functions of the workstation, as `module.function`, that call it."""
    found: dict[str, set[str]] = {}
    for path in sorted(TRIAGE.rglob("*.py")):
        module = ".".join(path.relative_to(TRIAGE).with_suffix("").parts)
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            for node in ast.walk(function) if isinstance(function, ast.FunctionDef) else ():
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                    called = ast.unparse(node.func).rpartition("records.")[2]
                    found.setdefault(called, set()).add(f"{module}.{function.name}")  # type: ignore[attr-defined]
    return found


def _calling(name: str) -> set[str]:
    return _calls().get(name, set())


def test_every_act_that_tells_is_in_the_table() -> None:
    """Whatever opens a record, or tells without one, stands in the table, and nothing else does."""
    assert _calling("recorded") == set(RECORDED)
    assert _calling("bound") - {"ui.pages.outgoing.unpublished._show"} == set(BOUND)


def test_one_function_puts_entries_on_timelines() -> None:
    """No other module writes what a reporter reads."""
    assert _calling("events.add") == {"casework.outgoing.records.put"}
    assert _calling("events.count_received") == {"intake.threading._count"}


def test_every_act_of_the_table_is_tried() -> None:
    """Each has a driver, and each driver an act; or a test of that name is there."""
    assert {name for one in RECORDED.values() for name in one.drivers} == set(ACTS)
    for one in (*RECORDED.values(), *BOUND.values()):
        assert one.drivers or one.test
        if one.test:
            path, _, name = one.test.partition("::")
            assert f"def {name}(" in (TESTS / path).read_text("utf-8")


def test_every_form_of_the_table_shows_what_it_tells() -> None:
    """Each form is in a page's table of previews, or is named above; no preview is for an act that tells nothing."""
    looks = {*case.LOOKS, *tracks.LOOKS, *safety.LOOKS, *referral.LOOKS}
    forms = {form for one in (*RECORDED.values(), *BOUND.values()) for form in one.forms}
    assert forms == looks | set(SHOWN_ELSEWHERE)
    assert {refusal.ACTION, proposing.ACTION} == set(proposals._TELLING)
