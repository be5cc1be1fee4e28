"""Handles every form about a case: finds the case, does the action, and shows the result.

Rule: a refused form is shown again with the reason and with everything that was typed.
"""

from collections.abc import Callable, Mapping
from typing import Final

from flask import flash, g, make_response, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dropbox.errors import DropboxError, NotFoundError
from dropbox.serving.pages.language import sentence
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.ui.pages.outgoing import telling
from dropbox.triage.ui.view import vault

Act = Callable[[Case, MultiDict[str, str]], str]  # does what a form asks; returns the sentence that says so
Show = Callable[[Case, str, str, MultiDict[str, str]], Response]  # the page of a case, fault, form, what was typed

NO_LOOKS: Final[Mapping[str, Act]] = {}


def case_of(number: int) -> Case:
    """Return the case of an address, for the officer at work; raises NotFoundError."""
    return casebook.find_case(vault(), str(number))


def do(
    number: int, act: str, acts: Mapping[str, Act], show: Show, target: str, looks: Mapping[str, Act] = NO_LOOKS
) -> Response:
    """Do an action on the case of an address, then redirect to a page; if refused, show the form's page again.

    A form that asks for a preview changes nothing: `page` returns the form's page with what reporters would read, any
    other word that part alone, for a script.

    Args:
        number: of the case, as the address has it.
        act: the name of the action, as the address has it.
        acts: the function of each name.
        show: makes the page with the error.
        target: address of the page after the action.
        looks: what a preview does of a name, in the vault alone, to show what it tells.

    Raises:
        NotFoundError: there is no such action, or no such case for this officer.
    """
    if act not in acts:
        raise NotFoundError("desk.no-act")
    case = case_of(number)
    wanted = request.form.get("preview", "")
    if wanted and act in looks:
        g.look = telling.look(lambda: looks[act](case, request.form))
        if wanted != "page":
            return make_response(render_template("desk/_look_part.html", look=g.look))
        return show(case_of(number), g.look.fault, act, request.form)
    try:
        if act in looks and request.form.get("seen"):
            telling.check_seen(lambda: looks[act](case, request.form), request.form["seen"])
        said = acts[act](case, request.form)
    except DropboxError as error:
        return show(case_of(number), sentence(error), act, request.form)
    flash(said)
    return redirect(target)
