"""The guides' own command lines, so that what a test plays cannot differ from what an administrator reads."""

from tests.support.server import PROJECT


def blocks(guide: str, heading: str = "") -> list[str]:
    """The indented blocks of commands of a guide, or of its section `## heading`, each without its indentation."""
    section = (PROJECT / guide).read_text("utf-8")
    if heading:
        section = section.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    found: list[list[str]] = []
    inside = False
    for line in section.splitlines():
        if line.startswith("    "):
            if not inside:
                found.append([])
            found[-1].append(line.removeprefix("    "))
        inside = line.startswith("    ")
    return ["\n".join(lines) + "\n" for lines in found]
