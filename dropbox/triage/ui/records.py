"""Collects what is kept about a case besides its reports, for its page: legal holds, statements, letters.

Rule: this module only reads; the actions are in pages.records.
"""

from typing import Any

from dropbox.triage.access import holds
from dropbox.triage.cases.casebook import Case, case_name
from dropbox.triage.casework.hearing import statements
from dropbox.triage.tables.records import clearings
from dropbox.triage.vault.work import Work


def context(work: Work, case: Case) -> dict[str, Any]:
    """Return the template variables with which the case's page shows its records."""
    found = holds.of_case(work, case)
    return {
        "holds": [(one, case_name(work.vault.desk, one.case)) for one in found],
        "hold_marks": any(not one.lifted for one in found),
        "hold_reasons": holds.REASONS,
        "statements": [
            (versions, case_name(work.vault.desk, versions[0].case)) for versions in statements.of_case(work, case)
        ],
        "clearings": clearings.of_cases(work.vault.db, [case.number]),
        "parties": statements.PARTIES,
        "answer_rights": statements.ANSWERS,
        "statement_changes": statements.CHANGES,
        "hold_reference_max": holds.REFERENCE_MAX,
    }
