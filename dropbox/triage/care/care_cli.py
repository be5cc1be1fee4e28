"""`dropbox triage doctor`, `backup`, `restore` and `drill`: the words of care.examination for a terminal.

Rule: each sentence says what is wrong and what to do; `{n}` is the finding's number.
"""

from typing import Final

from dropbox.triage.care.examination import Finding

SENTENCES: Final = {
    "database-good": "vault.db is whole",
    "database-damaged": "vault.db is damaged: stop working, and go on with the second copy (--vault)",
    "log-whole": "the log is whole: {n} lines continue one another",
    "log-altered": "the log was altered: tell the overseer, and compare it with the second copy's",
    "clock-behind": "this machine's clock is {n} days behind what it has seen: set it, or due dates are wrong",
    "blobs-good": "{n} sealed files are there and whole",
    "blobs-damaged": "{n} sealed files are missing or damaged: the second copy may have them, or a new export",
    "epoch-keys-good": "the keys of {n} weeks are there",
    "epoch-keys-missing": "the keys of {n} weeks are missing: bring them back from the second copy",
    "epoch-keys-waiting": "the keys of {n} weeks are beyond their grace: import a new export, then they are destroyed",
    "epoch-keys-few": "keys are made for {n} weeks ahead only: publish",
    "certificate-none": "no certificate holds today: carry the request to the ceremony",
    "certificate-ends": "the certificate holds for {n} more days; renew it when fewer than 20 are left",
    "copy-missing": "the second copy is not in its folder: connect its disk",
    "copy-behind": "the vault is older than its second copy, or the copy is damaged: see `dropbox triage copy`",
    "copy-same-disk": "the second copy lies on the same disk as the vault: it belongs on another",
    "copy-good": "the second copy is there; {n} files are not verified in it yet",
    "never-published": "nothing was published yet: reporters have no keys from this desk",
    "published": "the last publication is {n} days old",
    "published-long-ago": "the last publication is {n} days old: publish, or reporters are told that answers are old",
    "officers": "{n} officers may work here",
    "officers-few": "{n} officers may work here: refusals and deletions need a second one who may approve them",
    "disk-full": "the disk has only {n} MiB left",
    "swap-on": "swap is on: plaintext may reach the disk; switch it off or encrypt it",
    "others-may-read": "others may read {n} files of the vault: run chmod -R go= on it",
    "sandbox-missing": "bubblewrap is not installed: attachments cannot be looked at (apt-get install bubblewrap)",
    "network-on": "this machine is connected to a network: take the cable out, switch WiFi off",
}


def lines(findings: list[Finding]) -> list[str]:
    """A line each, the bad first."""
    return [f"{one.state:7}  {SENTENCES[one.code].format(n=one.number)}" for one in findings]
