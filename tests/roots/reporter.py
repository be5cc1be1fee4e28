"""A reporter's browser at the site of the machine: prints the first page's status and title, or sends a report."""

import sys

from tests.support.client import Client

PORT = 8000


def main(texts: list[str]) -> None:
    """Look at the first page; send each text as a report, and print the statuses of its last page."""
    client = Client(PORT)
    if not texts:
        page = client.get("/")
        print(page.status, page.body.decode().split("<title>")[1].split("<")[0])
    for text in texts:
        print(*client.report(what=text).statuses)


if __name__ == "__main__":
    main(sys.argv[1:])
