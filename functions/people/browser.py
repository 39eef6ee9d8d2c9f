"""What of a request the services look at: from which browser it comes, and where that reached this API."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Browser:
    """The browser. Header names are lower case; base_url is without a final slash."""

    headers: Mapping[str, tuple[str, ...]]
    source_ip: str
    base_url: str
