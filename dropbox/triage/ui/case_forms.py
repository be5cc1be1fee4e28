"""What every form about a case does: find the case, do the act, and show what came of it.

Rule: what is refused comes back with the reason and with all that was typed.
"""

from collections.abc import Callable, Mapping

from flask import flash, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dropbox.errors import DropboxError, NotFoundError
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.ui.view import sentence, vault

Act = Callable[[Case, MultiDict[str, str]], str]  # does what a form asks; returns the sentence that says so
Show = Callable[[Case, str, str, MultiDict[str, str]], Response]  # the page of a case, fault, form, what was typed


def case_of(number: int) -> Case:
    """Return the case of an address, for the officer at work; raises NotFoundError."""
    return casebook.find_case(vault(), str(number))


def do(number: int, act: str, acts: Mapping[str, Act], show: Show, target: str) -> Response:
    """Do an act on the case of an address, then lead to a page; refused, show the form's page again.

    Args:
        number: of the case, as the address has it.
        act: the name of the act, as the address has it.
        acts: what each name does.
        show: makes the page with the fault.
        target: address of the page after the act.

    Raises:
        NotFoundError: there is no such act, or no such case for this officer.
    """
    if act not in acts:
        raise NotFoundError("desk.no-act")
    case = case_of(number)
    try:
        said = acts[act](case, request.form)
    except DropboxError as error:
        return show(case_of(number), sentence(error), act, request.form)
    flash(said)
    return redirect(target)
