"""What a message besides words does, by FORMAT's own meaning of blank."""

import pytest

from dropbox.triage.casework.reporter_acts import act_of
from dropbox.wire.blob import ADDITION, READ, WITHDRAW


@pytest.mark.parametrize("text", ["", " ", "\t\n\v\f\r "])
def test_a_blank_text_leaves_the_act_alone(text: str) -> None:
    """ASCII white space says nothing, so the message reads and no more."""
    assert act_of(ADDITION, {"act": READ, "what": text, "identity": text}) == READ


@pytest.mark.parametrize("text", ["x", "\u00a0", "\u3000", "\u2028", "\x1c", "\x85", "\ufeff"])
def test_a_text_that_is_not_blank_is_no_reading(text: str) -> None:
    """Signs that languages take for white space, and FORMAT does not, make the message one with words."""
    assert act_of(ADDITION, {"act": READ, "what": text}) == ""
    assert act_of(ADDITION, {"act": READ, "identity": text}) == ""
    assert act_of(ADDITION, {"act": WITHDRAW, "what": text}) == WITHDRAW
