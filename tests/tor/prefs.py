"""Firefox's settings for the way through Tor, and those in which Tor Browser differs from Firefox for a web page.

Rule: these are settings alone. Tor Browser's patches, its NoScript and its own builds are not here.
"""

from typing import Any, Final

from tests.browser_js.browsers import SAFER

# Names as in Tor Browser's own defaults (browser/app/profile/001-base-profile.js of its repository).
TOR_BROWSER: Final = {
    "dom.securecontext.allowlist_onions": True,  # http://….onion counts as secure: WebCrypto is there
    "dom.security.https_only_mode": True,
    "dom.security.https_only_mode.upgrade_onion": False,
    "network.http.referer.hideOnionSource": True,
    "network.http.http3.enable": False,
    "network.trr.mode": 5,
    "network.dns.disabled": True,
    "browser.privatebrowsing.autostart": True,
    "browser.cache.disk.enable": False,
    "dom.indexedDB.privateBrowsing.enabled": False,
    "media.peerconnection.enabled": False,
    "privacy.resistFingerprinting": True,
}
SETTINGS: Final[dict[str, dict[str, Any]]] = {
    "plain": {},  # Firefox with a proxy and nothing else: http://….onion is not secure, WebCrypto is missing
    "tor-browser": TOR_BROWSER,
    "safer": TOR_BROWSER | SAFER,
}


def through_tor(socks_port: int) -> dict[str, Any]:
    """All connections by the SOCKS port, names included."""
    return {
        "network.proxy.type": 1,
        "network.proxy.socks": "127.0.0.1",
        "network.proxy.socks_port": socks_port,
        "network.proxy.socks_version": 5,
        "network.proxy.socks_remote_dns": True,
        "network.proxy.no_proxies_on": "",
        "network.proxy.allow_hijacking_localhost": True,
        "network.proxy.failover_direct": False,
        "network.dns.blockDotOnion": False,
    }
