"""FORMAT.md and limits.py say the same numbers."""

import json
import re
from pathlib import Path

import pytest

from dropbox import limits
from dropbox.form import lengths
from dropbox.wire import blob, board, padding, statuses
from dropbox.wire.keyring import EPOCH_KEY_BYTES, EPOCHS_MAX
from dropbox.wire.server import SERVER_CERTIFICATE_BYTES

FORMAT = (Path(__file__).parents[2] / "dropbox/wire/FORMAT.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        (r"buckets = (\d+) KiB · 2\^i for i = 0 … (\d+), and (\d+) MiB \+ (\d+) KiB", (
            limits.BUCKET_MIN_BYTES // limits.KIB, limits.BUCKET_COUNT - 2,
            limits.FILE_MAX_BYTES // limits.MIB, limits.CHUNK_BYTES // limits.KIB)),
        (r"has\s+at\s+most (\d+) bytes when file bytes follow", (limits.RECORD_MAX_BYTES,)),
        (r"follow, else at most (\d+)", (limits.FORM_MAX_BYTES,)),
        (r"(\d+) \+ (\d+)·slots \+ (\d+) \+ (\d+) \+ bucket \+ (\d+)·⌈bucket / (\d+)⌉", (
            blob.HEADER_BYTES, blob.STANZA_BYTES, blob.COMMITMENT_BYTES, blob.STREAM_HEADER_BYTES,
            blob.CHUNK_OVERHEAD_BYTES, limits.CHUNK_BYTES)),
        (r"1 ≤ slots ≤ (\d+)", (limits.DESKS_MAX,)),
        (r"1 ≤ n ≤ (\d+)\. Under each serial", (EPOCHS_MAX,)),
        (r"0 ≤ k ≤ (\d+)", (EPOCHS_MAX,)),
        (r"X-Wing key \((\d+)\)", (EPOCH_KEY_BYTES,)),
        (r"last < first, or more than (\d+) days later", (limits.CERTIFICATE_DAYS,)),
        (r"1 ≤ serial ≤ (\d+)", (limits.SERIAL_MAX,)),
        (r"1 ≤ number ≤ (\d+); \*revoked\*", (limits.REVOCATION_LISTS_MAX,)),
        (r"old\s+when \*made\* lies more than (\d+)\s", (limits.REVOCATIONS_DAYS,)),
        (r"(\d+)·\(serial − 1\) < number ≤ (\d+)·serial", (limits.NUMBERS_PER_SERIAL, limits.NUMBERS_PER_SERIAL)),
        (r"until (\d+) days after the end of the epoch", (limits.EPOCH_GRACE_DAYS + limits.EPOCH_EXPIRY_DAYS,)),
        (r"‖ server certificate \((\d+)\)", (SERVER_CERTIFICATE_BYTES,)),
        (r"0 ≤ last − first ≤ (\d+)\.", (limits.SERVER_CERTIFICATE_DAYS,)),
        (r"zeros, (\d+) bytes in all; 1 ≤ parts ≤ (\d+), len ≤ (\d+)", (
            limits.CELL_BYTES, limits.CELL_PARTS_MAX, board.DATA_BYTES)),
        (r"A board has (\d+), (\d+), ", (limits.BOARD_CELLS_MIN, 2 * limits.BOARD_CELLS_MIN)),
        (r"its day lies more than (\d+) days\s+back", (limits.BOARD_FRESH_DAYS,)),
        (r"n × lp\(signed object\) ‖ keys ‖ lp\(revocations\), n ≤ (\d+)", (limits.RETURN_ITEMS_MAX,)),
        (r"‖ blob \), 1 ≤ n ≤ (\d+)", (limits.CONTAINER_BLOBS_MAX,)),
        (r"n × period +1 ≤ n ≤ (\d+)", (limits.STATISTICS_PERIODS_MAX,)),
        (r"t × table +1 ≤ t ≤ (\d+)", (limits.STATISTICS_TABLES_MAX,)),
        (r"1 ≤ c ≤ (\d+), 1 ≤ r ≤ (\d+)", (limits.STATISTICS_COLUMNS_MAX, limits.STATISTICS_ROWS_MAX)),
        (r"1 ≤ number ≤ (\d+); 1 ≤ n ≤ (\d+); \*settings\* has at most (\d+) bytes. \*policy\* has 1 to (\d+)", (
            limits.MANIFEST_NUMBER_MAX, limits.MANIFEST_ANSWERS_MAX,
            limits.MANIFEST_SETTINGS_MAX_BYTES, limits.MANIFEST_POLICY_MAX_BYTES)),
        (r"has more than (\d+) days, was counted", (limits.STATISTICS_PERIOD_DAYS_MAX,)),
    ],
)  # fmt: skip
def test_the_same_numbers(said: str, numbers: tuple[int, ...]) -> None:
    """A number of the format is the one in limits.py."""
    match = re.search(said, FORMAT)
    assert match is not None
    assert tuple(map(int, match.groups())) == numbers


def test_sums() -> None:
    """Numbers that follow from others do."""
    assert blob.STANZA_BYTES == 1088 + 32 + 32 + 16
    assert len(padding.BUCKETS) == limits.BUCKET_COUNT
    assert limits.SHARD_CELLS_MAX * board.CELL_TOTAL_BYTES < 300_000
    assert 6 * limits.FIELD_MAX_BYTES < limits.FORM_MAX_BYTES
    assert limits.RETURN_ITEMS_MAX * limits.SHARD_CELLS_MAX * board.CELL_TOTAL_BYTES > limits.RETURN_BUNDLE_MAX_BYTES
    assert limits.EPOCHS_AHEAD < EPOCHS_MAX


def test_statuses_are_short_and_distinct() -> None:
    """Status codes, channels and categories are distinct ASCII words."""
    codes = (*statuses.STATUSES, *statuses.CHANNELS, *statuses.CATEGORIES)
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch("[A-Z_]{3,20}|[a-z-]{3,20}", code) for code in codes)


def test_characters_are_counted_as_people_count_them() -> None:
    """The vectors that the browser's modules read too; emoji count as one, on both sides of the limit."""
    for typed, count in json.loads((Path(__file__).parents[1] / "js/lengths.json").read_text("utf-8")).items():
        assert lengths.characters(typed) == count
    assert not lengths.is_too_long("😀" * limits.FIELD_MAX_CHARACTERS)
    assert lengths.is_too_long("é" * (limits.FIELD_MAX_CHARACTERS + 1))


def test_bounds_of_the_text_are_in_the_table() -> None:
    """Each number that FORMAT writes behind "at most", "up to", "more than" or "≤" is a value of EXCHANGE's Limits."""
    exchange = (Path(__file__).parents[2] / "dropbox/wire/EXCHANGE.md").read_text("utf-8")
    table = exchange.split("## Limits\n")[1].split("\n## ")[0]
    values = {int(value) for value in re.findall(r"^\| \S+ \| (\d+) \|", table, re.MULTILINE)}
    bounds = {int(number) for number in re.findall(r"(?:at most|up to|more than|≤) (\d+)(?![\d²³·])", FORMAT)}
    assert bounds - values == {limits.CELL_BYTES - 4}  # data of a cell: its plaintext without its own head
