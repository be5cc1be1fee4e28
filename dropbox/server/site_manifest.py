"""Looks at the file of the manifest by which outsiders verify the site (FORMAT "Site manifest").

Rule: settings that name no manifest need none; one that is named must be of this program and of these settings. The
file is what a start of the site would read now; a running site has read it at its own start.
"""

from dropbox.crypto.site_manifest import open_manifest
from dropbox.disk.small import read_small
from dropbox.errors import DropboxError
from dropbox.limits import MANIFEST_MAX_BYTES
from dropbox.sentences.catalogue import Sentence
from dropbox.server.finding import Finding, Result, Unneeded, Unseen
from dropbox.settings.installation import Settings
from dropbox.web.pages.manifest import is_of_here
from dropbox.wire.keyring import RootAnchor


def look(settings: Settings, root: RootAnchor | Sentence) -> tuple[Result, ...]:
    """Return nothing if outsiders can verify a site that starts now, else why not, or that no manifest is needed.

    Args:
        settings: name the manifest's file.
        root: who signs it, or why there is no root.
    """
    if settings.manifest is None:
        return (Unneeded(),)
    if isinstance(root, Sentence):
        return (Unseen(Sentence("unseen.no-root")),)
    try:
        found = open_manifest(root, read_small(settings.manifest, MANIFEST_MAX_BYTES))
        is_of_this = is_of_here(found, settings)
    except DropboxError as error:
        return (Finding("site-manifest", Sentence(error.code, **error.values)),)
    if is_of_this:
        return ()
    return (Finding("site-manifest", Sentence("server-status.manifest-other", number=found.number)),)
