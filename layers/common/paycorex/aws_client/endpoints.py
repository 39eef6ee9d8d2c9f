"""Where a service answers: the address that the environment gives, or the region's own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from botocore.exceptions import NoRegionError

# Partitions by the beginning of their regions' names; all others are under amazonaws.com.
_SUFFIXES: Final = {
    "cn-": ("aws-cn", "amazonaws.com.cn"),
    "us-gov-": ("aws-us-gov", "amazonaws.com"),
    "us-iso-": ("aws-iso", "c2s.ic.gov"),
    "us-isob-": ("aws-iso-b", "sc2s.sgov.gov"),
    "eu-isoe-": ("aws-iso-e", "cloud.adc-e.uk"),
    "us-isof-": ("aws-iso-f", "csp.hci.ic.gov"),
    "eusc-": ("aws-eusc", "amazonaws.eu"),
}
_DEFAULT: Final = ("aws", "amazonaws.com")
# It becomes part of a host name.
_REGION: Final = re.compile(r"[a-z]{2,5}(?:-[a-z]+)+-[0-9]{1,2}")
_UNSUPPORTED: Final = ("AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`authority` is the Host header: the port is in it unless it is the scheme's own."""

    url: str
    secure: bool
    host: str
    port: int
    authority: str
    region: str
    partition: str


def endpoint_of(service: str, environment: Mapping[str, str]) -> Endpoint:
    """The endpoint of a service.

    Raises NoRegionError without a region, ValueError for an address or a region that cannot be one, and for FIPS or dual-stack endpoints.
    """
    for name in _UNSUPPORTED:
        if environment.get(name, "").lower() == "true":
            msg = f"the lean client does not know the endpoints of {name}; use AWS_CLIENT=botocore"
            raise ValueError(msg)
    region = environment.get("AWS_DEFAULT_REGION") or environment.get("AWS_REGION")
    if not region:
        raise NoRegionError
    if _REGION.fullmatch(region) is None:
        msg = "the environment names a region that cannot be one"
        raise ValueError(msg)
    partition, suffix = next((found for start, found in _SUFFIXES.items() if region.startswith(start)), _DEFAULT)
    return _parse(_given(service, environment) or f"https://{service}.{region}.{suffix}", region, partition)


def _given(service: str, environment: Mapping[str, str]) -> str | None:
    if environment.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return None
    return environment.get(f"AWS_ENDPOINT_URL_{service.upper()}") or environment.get("AWS_ENDPOINT_URL")


def _parse(url: str, region: str, partition: str) -> Endpoint:
    parts = urlsplit(url)
    is_bare = parts.path in {"", "/"} and not parts.query and not parts.fragment and "@" not in parts.netloc
    if parts.scheme not in {"http", "https"} or not is_bare or not parts.hostname or not parts.netloc.isascii():
        msg = "an endpoint is http or https, a host and perhaps a port, and nothing else"
        raise ValueError(msg)
    secure = parts.scheme == "https"
    usual = 443 if secure else 80
    port = parts.port or usual
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    authority = name if port == usual else f"{name}:{port}"
    return Endpoint(f"{parts.scheme}://{authority}", secure, parts.hostname, port, authority, region, partition)
