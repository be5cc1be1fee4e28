"""A site behind real Tor and real nginx is verified from outside, as VERIFYING.md says.

Rule: the command and the server are those of the product; the network between them is Tor's and nginx's own.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dropbox.packaging.roles import PROJECT
from dropbox.settings.installation import load
from dropbox.verification.proposal import propose
from tests.support.server import ACCEPTED, SiteFolder, serving, wait_until
from tests.tor.courier import make_pair
from tests.tor.network import Network, private_network, quiet_ports
from tests.verification.conftest import signed_by
from tests.verification.proxy import write_certificates

SNIPPET = PROJECT / "dropbox/packaging/server/files/usr/share/dropbox-itjen-server/nginx.conf"
# What Debian's nginx.conf sets beside: it would pack pages anew if the site left them to it.
DEBIAN = "sendfile on; tcp_nopush on; gzip on; default_type application/octet-stream;"


@dataclass(frozen=True)
class Reached:
    """A served site with a signed manifest, and the ways to it."""

    site: SiteFolder
    port: int
    network: Network
    https_port: int
    nginx: Path
    authority: Path

    def look(self, url: str, *more: object) -> tuple[int, dict[str, Any]]:
        """Run the command as VERIFYING.md has it; returns the exit code and its report."""
        done = subprocess.run(
            [
                *(sys.executable, "-m", "dropbox", "verify-site", url, "--root", "root.pub"),
                *("--rounds", "1", "--json", *map(str, more)),
            ],
            cwd=self.site.folder,
            env=self.site.environment({"SSL_CERT_FILE": str(self.authority)}),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    @contextmanager
    def in_front(self, more: str = "") -> Iterator[str]:
        """Nginx with the package's lines and others; yields the site's address there."""
        folder = self.authority.parent
        lines = SNIPPET.read_text("utf-8").replace("127.0.0.1:8000", f"127.0.0.1:{self.port}")
        assert str(self.port) in lines
        tls = f"ssl_certificate {folder}/site.pem; ssl_certificate_key {folder}/site.pem;"
        temporary = " ".join(
            f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        config = folder / "nginx.conf"
        config.write_text(
            f"daemon off; master_process off; pid {folder}/pid; error_log stderr;\nevents {{}}\n"
            f"http {{ {DEBIAN} {temporary}\n"
            f" server {{ listen 127.0.0.1:{self.https_port} ssl; {tls} {more}\n{lines} }} }}\n"
        )
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([self.nginx, "-p", folder, "-c", config, "-e", "stderr"], stderr=log)
        try:
            wait_until("nginx listens", lambda: self._listens(process))
            yield f"https://localhost:{self.https_port}"
        finally:
            process.terminate()
            process.wait()

    def _listens(self, process: "subprocess.Popen[bytes]") -> bool:
        assert process.poll() is None, (self.authority.parent / "log").read_text("utf-8")
        tried = ["openssl", "s_client", "-connect", f"127.0.0.1:{self.https_port}"]
        return subprocess.run(tried, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0


def unpacked(folder: Path) -> Path:
    """Debian's nginx, downloaded and unpacked: an installation would start it as a service of this machine."""
    subprocess.run(["apt-get", "-q", "download", "nginx"], cwd=folder, check=True)
    (package,) = folder.glob("nginx_*.deb")
    subprocess.run(["dpkg-deb", "--extract", package, folder], check=True)
    return folder / "usr/sbin/nginx"


@pytest.fixture(scope="module")
def reached(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reached]:
    """The site with both addresses in its settings, and a manifest of its root for them."""
    stage = tmp_path_factory.mktemp("looked-at")
    stage.chmod(0o700)
    port, courier_port, https_port = quiet_ports(3)
    nginx = stage / "nginx"
    nginx.mkdir()
    with ExitStack() as stack:
        network = stack.enter_context(private_network(stage, port, courier_port, make_pair(stage).public))
        named = f'[site]\nonion = "{network.host}"\naddress = "https://localhost:{https_port}"\n'
        site = SiteFolder(stage / "site", settings=f'{ACCEPTED}{named}manifest = "site.manifest"\n').make()
        with site.store() as store, store.transaction() as tx:
            for desk in site.inspectorate.desks.values():
                store.published.put(tx, "board", desk.name, 1, desk.packed_board(1, [], site.inspectorate.today))
        proposal = propose(load(site.config), site.inspectorate.anchor, 1, site.inspectorate.today)
        (site.folder / "site.manifest").write_bytes(signed_by(site.inspectorate, proposal))
        stack.enter_context(serving(site, port=port))
        network.wait()
        write_certificates(nginx, "localhost")
        yield Reached(site, port, network, https_port, unpacked(nginx), nginx / "ca.pem")


def proxied(reached: Reached) -> tuple[str, ...]:
    """The options for Tor."""
    return "--proxy", f"socks5h://127.0.0.1:{reached.network.socks_port}"


@pytest.mark.soak
def test_over_its_onion_an_honest_site_is_the_same(reached: Reached) -> None:
    """Through Tor, each visitor on a circuit of its own, nothing is found at any address."""
    code, report = reached.look(reached.network.address, *proxied(reached))
    print("asked over Tor", report["requests"])
    assert (code, report["findings"]) == (0, [])


@pytest.mark.soak
def test_behind_nginx_an_honest_site_is_the_same(reached: Reached) -> None:
    """Over TLS, through the package's lines and Debian's own settings, nothing is found at any address."""
    with reached.in_front() as url:
        code, report = reached.look(url)
    print("asked through nginx", report["requests"], report["findings"][:6])
    assert (code, report["findings"]) == (0, [])


@pytest.mark.soak
def test_what_nginx_changes_is_named(reached: Reached) -> None:
    """A header that the proxy adds to one page, and a word that it changes in another, are differences there alone."""
    to_site = f"proxy_pass http://127.0.0.1:{reached.port}; proxy_http_version 1.1;"
    changed = (
        f"location = /batas {{ {to_site} add_header Set-Cookie id=1; }}"
        f" location = /lapor {{ {to_site} proxy_set_header Accept-Encoding ''; sub_filter '</main>' '<p>x</main>'; }}"
    )
    with reached.in_front(changed) as url:
        code, report = reached.look(url)
    assert code == 4
    assert {one["address"] for one in report["findings"]} == {"/batas", "/lapor"}
    assert ("header", "/batas") in {(one["code"], one["address"]) for one in report["findings"]}


@pytest.mark.soak
def test_an_onion_that_does_not_answer_was_not_seen(reached: Reached) -> None:
    """An address that leads nowhere in Tor's network is no difference."""
    code, report = reached.look(f"http://{reached.network.courier_host}", *proxied(reached))
    assert code == 3
    assert {one["code"] for one in report["findings"]} <= {"proxy-unreachable", "broken"}
