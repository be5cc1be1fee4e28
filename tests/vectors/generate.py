"""Writes every vector file; the same bytes each time: `python tests/vectors/generate.py [FOLDER]`.

Rule: a second construction of FORMAT.md. Nothing here imports the package, so that agreement means something.
"""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import make_blob
import make_board
import make_carried
import make_claim
import make_dossier
import make_export
import make_form
import make_held
import make_keyring
import make_log_statement
import make_manifest
import make_secret
import make_signed
import make_statistics
import make_upload
from construction import HERE, Vector

FAMILIES = (
    *(make_secret, make_blob, make_signed, make_keyring, make_board, make_export, make_claim),
    *(make_statistics, make_dossier, make_form, make_log_statement, make_upload, make_carried),
    *(make_held, make_manifest),
)


def vectors() -> Iterator[Vector]:
    """All of them."""
    for family in FAMILIES:
        yield from family.vectors()


def write(folder: Path) -> int:
    """Replace the family folders in a folder; returns the number of files."""
    made = list(vectors())
    for family in {vector.family for vector in made}:
        shutil.rmtree(folder / family, ignore_errors=True)
        (folder / family).mkdir(parents=True)
    for vector in made:
        path = folder / vector.family / f"{vector.name}.vec"
        with path.open("xb") as file:  # a name that is used twice is a mistake
            file.write(vector.encode())
    return len(made)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
