"""The words before FORMAT's steps against the stages that the vectors expect."""

import re

from tests.support.server import PROJECT

FORMAT = (PROJECT / "dropbox/wire/FORMAT.md").read_text("utf-8")
VECTORS = PROJECT / "tests/vectors"
# Words that no vector expects: the text says in words at which stages such a step fails, or no vector has it (GAPS).
TOLD_IN_WORDS = {
    ("Opening", "parse"),
    ("Opening", "stanza"),
    ("Export: server to workstation", "newer"),
    ("Return: workstation to server", "object"),
    ("Return: workstation to server", "grammar"),
    ("Return: workstation to server", "revocations"),
    ("Return: workstation to server", "objects"),
    ("Return: workstation to server", "key bundles"),
    ("Return: workstation to server", "keys"),
    ("Return: workstation to server", "board"),
    ("Return: workstation to server", "statistics"),
    ("Return: workstation to server", "order"),
    ("Dossier", "parse"),
    ("Keyring file", "revocations"),
    ("Keyring file", "each desk"),
    ("Boards file", "each desk"),
}


def steps() -> set[tuple[str, str]]:
    """Each (heading, word before a step) of the blocks of numbered steps."""
    parts = re.split(r"^#+ (.+)$", FORMAT, flags=re.MULTILINE)
    sections = zip(parts[1::2], parts[2::2], strict=True)
    return {
        (head, word) for head, body in sections for word in re.findall(r"^    \d\. (\S+(?: \S+)*)", body, re.MULTILINE)
    }


def stages() -> set[str]:
    """What the vectors expect, in any family."""
    heads = (path.read_bytes().partition(b"\n\n")[0].decode("ascii") for path in VECTORS.glob("*/*.vec"))
    return {re.findall(r"^expect: (.*)$", head, re.MULTILINE)[0] for head in heads}


def test_a_step_bears_the_name_of_a_stage() -> None:
    """Each word before a step is what some vector expects, but for those that are listed here, which are all in use."""
    known = stages()
    assert {(head, word) for head, word in steps() if word not in known} == TOLD_IN_WORDS
