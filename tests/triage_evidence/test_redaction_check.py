"""The check of a redacted text has a rule of its own: what the covering missed is noticed."""

import pytest

from dropbox.triage.redaction.checking import _remains

_NIK = "3201234567890001"


@pytest.mark.parametrize(
    ("text", "phrase", "is_left"),
    [
        ("NIK 3201 2345 6789 0001", _NIK, True),
        ("telepon 6281234567890", "081234567890", True),
        ("kata BUDI2 dan pakbudi", "Budi", True),
        ("A n i dan A.n.i", "Ani", True),
        ("ani7", "Ani", True),
        ("setoran bulanan di madrasah", "Ani", False),
        ("kamar tamu", "Marta", False),
        ("nomor 12 dan 13", "1213", False),
        ("\u2588\u2588\u2588\u2588 menyetor", "Budi", False),
    ],
)
def test_another_spelling_is_noticed(text: str, phrase: str, *, is_left: bool) -> None:
    """Numbers with signs between their digits, names within words, with digits and letter by letter."""
    assert _remains(text, [phrase]) is is_left
