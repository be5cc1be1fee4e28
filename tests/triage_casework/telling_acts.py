"""Every function that tells reporters something, with its form at the desk; tests compare it with the program's source.

Rule: whoever adds an act that tells adds it here, with a driver in ACTS of test_work_outgoing or a test that is named,
and with a form of the desk that shows what reporters will read.
"""

from typing import NamedTuple


class Telling(NamedTuple):
    """Where a function that tells is tried: drivers of ACTS, or one test; and its forms (names of their previews)."""

    drivers: tuple[str, ...] = ()
    test: str = ""
    forms: tuple[str, ...] = ()


# What officers do: shown before, and taken back until it leaves.
RECORDED = {
    "casework.handling.classify": Telling(("agenda",), forms=("klasifikasi", "sortir")),
    "casework.handling.give_agenda": Telling(
        test="triage_casework/test_work_outgoing.py::test_an_agenda_number_that_was_taken_back_comes_again"
    ),  # no page and no command calls it
    "casework.merging.merge": Telling(("merge", "merge the other"), forms=("gabung", "pisah")),
    "casework.protection.answer": Telling(("protection answered",), forms=("jawab-pelindungan",)),
    "casework.protection.open_request": Telling(("protection asked",), forms=("minta-pelindungan",)),
    "casework.protection.say": Telling(("protection said",), forms=("jawab-pelindungan",)),
    "casework.refusal.put": Telling(("refusal",), forms=("tolak", "persetujuan")),
    "casework.refusal.to_service": Telling(("service",), forms=("pelayanan",)),
    "casework.safety.follow_up.ask": Telling(("follow-up",), forms=("tanya-pelindungan",)),
    "casework.safety.notice.give": Telling(("notice",), forms=("pemberitahuan",)),
    "casework.transitions.answer": Telling(("status", "question", "message", "end"), forms=("jawab",)),
    "referral.answers.take": Telling(
        test="triage_referral/test_referral_round.py::test_what_an_answer_told_is_taken_back", forms=("jawaban",)
    ),
    "referral.consent.ask": Telling(("consent",), forms=("tanya",)),
    "referral.ombudsman.give": Telling(("ombudsman",), forms=("surat-ombudsman",)),
    "referral.propose.approve": Telling(
        test="triage_referral/test_referral_round.py::test_what_an_answer_told_is_taken_back", forms=("persetujuan",)
    ),
}
# What is not taken back, for a reason of the vocabulary (`bound`).
BOUND = {
    "intake.threading.join": Telling(
        test="triage_casework/test_work_outgoing.py::test_what_an_import_tells_says_why_it_stays"
    ),
    "referral.build.tell": Telling(
        test="triage_referral/test_referral_round.py::test_what_an_answer_told_is_taken_back", forms=("segel",)
    ),
}
