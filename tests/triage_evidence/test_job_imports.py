"""A job in the sandbox loads what its kind of file needs, and no other reader."""

import subprocess
import sys
import tempfile

import pytest


@pytest.mark.parametrize("job", ["facts.facts(reading)", "texts.text(reading)", "parts.parts(reading)"])
def test_a_text_needs_no_reader_of_another_kind(job: str) -> None:
    """For a text the libraries that read pictures, PDF, archives, office files and mail stay unloaded."""
    code = (
        "import sys\n"
        "from dropbox.triage.evidence.inside import facts, parts, texts\n"
        "from dropbox.triage.evidence.inside.reading import Reading\n"
        "reading = Reading('text', 'text', 1000)\n"
        f"{job}\n"
        "loaded = {name.split('.')[0] for name in sys.modules}\n"
        "assert not loaded & {'PIL', 'pypdfium2', 'olefile', 'zipfile', 'email'}, loaded\n"
    )
    with tempfile.TemporaryFile() as file:
        file.write(b"Setoran")
        file.seek(0)
        subprocess.run([sys.executable, "-c", code], stdin=file, stdout=subprocess.DEVNULL, check=True)
