"""Says what the settings still lack: help numbers that nobody has confirmed, an address of the site.

Rule: it names sections of the settings, never their values.
"""

from dropbox.sentences.catalogue import Sentence
from dropbox.settings.installation import Settings


def contact_notes(settings: Settings) -> list[Sentence]:
    """Return a sentence about help numbers that are missing and one about those confirmed more than a year ago."""
    notes = []
    if missing := settings.missing_contacts:
        notes.append(Sentence("server.contacts", names=", ".join(missing)))
    if old := settings.old_contacts:
        notes.append(Sentence("server.contacts-old", names=", ".join(old)))
    return notes


def address_notes(settings: Settings) -> list[Sentence]:
    """Return a sentence if the settings name no address of the site."""
    return [] if settings.address or settings.onion else [Sentence("server.address")]
