"""What each part of the private network is told: lines of a torrc, by the names of tor(1).

Rule: every address is 127.0.0.1, no authority is known but ours, and nobody is an exit: no packet leaves the machine.
"""

from pathlib import Path

HERE = "127.0.0.1"
SERVICE_FOLDER = "service"  # in the onion's folder; Tor writes the host's name into it
COURIER_FOLDER = "courier"  # the same, of the courier's page
LOG = "tor.log"

# An authority votes at once, then every 10 s, and takes 2 s to collect votes and 2 s to agree: the least that holds.
_VOTING = (
    "TestingV3AuthInitialVotingInterval 5",
    "TestingV3AuthInitialVoteDelay 2",
    "TestingV3AuthInitialDistDelay 2",
    "V3AuthVotingInterval 10",
    "V3AuthVoteDelay 2",
    "V3AuthDistDelay 2",
    "V3AuthNIntervalsValid 2",
    # Flags that are earned by days of service in the real network.
    "TestingDirAuthVoteGuard *",
    "TestingDirAuthVoteHSDir *",
    "TestingMinExitFlagThreshold 0",
    "ConsensusParams cc_alg=2",  # congestion control, as in the real network: without it a window of fixed size
)


def common(folder: Path, name: str, authorities: list[str]) -> list[str]:
    """For everybody.

    Args:
        folder: its own, 0700.
        name: of letters and digits.
        authorities: all `DirAuthority` lines.
    """
    return [
        "TestingTorNetwork 1",
        f"Nickname {name}",
        f"DataDirectory {folder}",
        f"Log notice file {folder / LOG}",
        # A network this small has too few relays for the usual share of paths, for a few seconds.
        "PathsNeededToBuildCircuits 0.67",
        *authorities,
    ]


def identity(folder: Path, name: str, port: int) -> list[str]:
    """As much as a relay's key depends on."""
    return [f"DataDirectory {folder}", f"Nickname {name}", f"ORPort {HERE}:{port}"]


def relay(port: int) -> list[str]:
    """Passes cells on, inside the network alone."""
    return [
        "SocksPort 0",
        f"ORPort {HERE}:{port}",
        f"Address {HERE}",
        "AssumeReachable 1",
        "ExitRelay 0",
        "ExitPolicy reject *:*",
    ]


def authority(port: int, directory_port: int) -> list[str]:
    """A relay that votes on who belongs to the network."""
    return [
        *relay(port),
        f"DirPort {HERE}:{directory_port}",
        "AuthoritativeDirectory 1",
        "V3AuthoritativeDirectory 1",
        *_VOTING,
    ]


def client(socks_port: int, keys: Path | None = None) -> list[str]:
    """A reporter's Tor, or a courier's with a folder of client keys."""
    return ["ClientOnly 1", f"SocksPort {HERE}:{socks_port}", *([f"ClientOnionAuthDir {keys}"] if keys else [])]


def service(folder: Path, target_port: int, courier_port: int) -> list[str]:
    """The server's Tor, as OPERATING.md and RUNNING.md have it: the site, and the courier's page with client keys."""
    return [
        "SocksPort 0",
        f"HiddenServiceDir {folder / SERVICE_FOLDER}",
        f"HiddenServicePort 80 {HERE}:{target_port}",
        "HiddenServicePoWDefensesEnabled 1",
        "HiddenServiceMaxStreams 64",
        "HiddenServiceMaxStreamsCloseCircuit 1",
        f"HiddenServiceDir {folder / COURIER_FOLDER}",
        f"HiddenServicePort 80 {HERE}:{courier_port}",
    ]
