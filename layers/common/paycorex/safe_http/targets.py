"""Reads a URL into a target, or refuses it. The name is not looked up here: that is done, and checked, at every single send.

Parsed with a narrow grammar of its own instead of `urllib.parse`: what libraries disagree about (backslashes, userinfo, octal
numbers, Unicode digits) is refused rather than interpreted, so there is no second reading to attack.
"""

import re
from dataclasses import dataclass
from typing import Final

from paycorex.safe_http.errors import BlockedTarget
from paycorex.safe_http.policy import Policy

# RFC 3986 with the square brackets that query strings carry in practice. Excludes space, controls, backslash, quotes, fragment.
_URL: Final = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<authority>[^/?]*)(?P<path>[^?]*)(?P<query>\?.*)?", re.ASCII | re.IGNORECASE)
_CHARACTERS: Final = re.compile(r"(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=\[\]]|%[0-9A-Fa-f]{2})*")
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# No top-level domain starts with a digit, and every spelling of an IPv4 address ends in a label that does.
_TOP_LEVEL: Final = re.compile(r"[a-z][a-z0-9-]*[a-z0-9]")
_PORT: Final = re.compile(r"[1-9][0-9]{0,4}")
_MAX_HOST_CHARACTERS: Final = 253
# RFC 6761, RFC 6762, RFC 8375, RFC 9476, ICANN's .internal, and what routers and companies use without having it.
_INTERNAL_TOP_LEVELS: Final = frozenset({"alt", "arpa", "internal", "invalid", "local", "localhost", "onion", "test"}) | frozenset(
    {"corp", "domain", "home", "intranet", "lan", "localdomain", "private", "workgroup"}
)
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}
_LOOPBACK_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes. host: in lower case, without brackets. path: with its query, as it is sent. loopback: see Policy."""

    scheme: str
    host: str
    port: int
    path: str
    loopback: bool = False

    @property
    def authority(self) -> str:
        """The Host header (RFC 9110 7.2): no port where it is the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL in its normal form."""
        return f"{self.scheme}://{self.authority}{self.path}"


def parse_target(url: str, policy: Policy) -> Target:
    """The target of `url`. Raises BlockedTarget, whose reason can be shown to the client that gave the URL."""
    if len(url) > policy.max_url_characters:
        raise BlockedTarget(f"the URL is longer than {policy.max_url_characters} characters")
    if not _CHARACTERS.fullmatch(url):
        raise BlockedTarget("the URL has a character that is not allowed, or a fragment; write names in punycode and encode the rest")
    match = _URL.fullmatch(url)
    if match is None:
        raise BlockedTarget("not an absolute URL, such as https://shop.example/path")
    scheme = match["scheme"].lower()
    host, port = _split_authority(match["authority"].lower())
    path = (match["path"] or "/") + (match["query"] or "")
    if policy.allow_loopback_http and host in _LOOPBACK_HOSTS and scheme in _DEFAULT_PORTS:
        return Target(scheme, host.strip("[]"), port or _DEFAULT_PORTS[scheme], path, loopback=True)
    if scheme != "https":
        raise BlockedTarget("the URL must start with https://")
    _check_host(host)
    if (port or 443) not in policy.ports:
        raise BlockedTarget(f"the port must be one of {', '.join(map(str, sorted(policy.ports)))}")
    return Target(scheme, host, port or 443, path)


def _split_authority(authority: str) -> tuple[str, int | None]:
    """Host, brackets included, and the port where one is written."""
    if "@" in authority:
        raise BlockedTarget("the URL must not carry a user name or password")
    host, colon, port = authority, "", ""
    if not authority.endswith("]"):
        host, colon, port = authority.rpartition(":") if ":" in authority else (authority, "", "")
    if not colon:
        return host, None
    if not _PORT.fullmatch(port) or int(port) > 65_535:
        raise BlockedTarget("the port is not a number from 1 to 65535")
    return host, int(port)


def _check_host(host: str) -> None:
    """Only a fully qualified public name passes: no address in any spelling, no name that only a local resolver knows."""
    labels = host.split(".")
    if host.startswith("[") or ":" in host:
        raise BlockedTarget("an IP address is not accepted; use a host name")
    if len(host) > _MAX_HOST_CHARACTERS or not all(map(_LABEL.fullmatch, labels)):
        raise BlockedTarget("not a host name (a trailing dot is not accepted either)")
    if labels[-1][0].isdigit():
        raise BlockedTarget("an IP address is not accepted; use a host name")
    if len(labels) < 2 or labels[-1] in _INTERNAL_TOP_LEVELS:
        raise BlockedTarget("an internal name is not accepted; use a public host name")
    if not _TOP_LEVEL.fullmatch(labels[-1]):
        raise BlockedTarget("not a host name")
