"""Makes a newer version of a server's package: another number, other settings, and a schema one migration ahead.

Rule: everything else in it is the package's own, byte for byte.
"""

import shutil
import subprocess
from pathlib import Path

from dropbox.packaging import package
from dropbox.packaging.roles import schema

NUMBER = "9.9.9"
AHEAD = f"{int(schema()) + 1:04d}"
_MIGRATION = f'''"""Adds an index that only a newer program knows."""

from alembic import op

revision = "{AHEAD}"
down_revision = "{schema()}"


def upgrade() -> None:
    """Add the index."""
    op.create_index("receipt_newer", "receipt", ["desk"])
'''


def newer(release: Path, number: int, folder: Path) -> Path:
    """Write a release with the newer package of the server, as `make release` lays it out; returns its folder."""
    (old,) = (release / f"debian{number}" / "server").glob("*.deb")
    root = folder / "package"
    folder.mkdir()
    subprocess.run(["dpkg-deb", "--raw-extract", str(old), str(root)], check=True)
    (program,) = root.glob("usr/lib/*/lib/python*/site-packages/dropbox")
    (program / "store/migrations/versions/v9999_newer.py").write_text(_MIGRATION)
    head = program / "store/schema.py"
    head.write_text(head.read_text().replace(f'HEAD: Final = "{schema()}"', f'HEAD: Final = "{AHEAD}"'))
    version = old.name.split("_")[1]
    for name in ("control", "preinst", "postinst"):
        path = root / "DEBIAN" / name
        text = path.read_text().replace(version, f"{NUMBER}+deb{number}")
        path.write_text(text.replace(f'\\> "{schema()}"', f'\\> "{AHEAD}"'))
    with (root / "etc/dropbox/dropbox.toml").open("a", encoding="utf-8") as file:
        file.write("# A newer version says more.\n")
    (root / "DEBIAN/md5sums").unlink()
    made = folder / "release" / f"debian{number}-server"
    made.mkdir(parents=True)
    file = made / old.name.replace(version, f"{NUMBER}+deb{number}")
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Znone", "--build", str(root), str(file)], check=True, capture_output=True
    )
    shutil.rmtree(root)
    package.write_list(made)
    return made.parent
