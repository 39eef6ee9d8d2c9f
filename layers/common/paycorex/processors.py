"""Processors by which merchants may be paid, and what each can do: the table `processors.json`, read on first use.

`python -m local.probing.catalogue` makes the table by asking the processors' library; this module reads it without the library.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

LookedUpBy = Literal["our_reference", "provider_reference"]
_TABLE: Final = Path(__file__).with_name("processors.json")
_CERTIFIED: Final = Path(__file__).with_name("certified_processors.json")


@dataclass(frozen=True, slots=True)
class Credential:
    """A field of a merchant's settings for a processor."""

    name: str
    required: bool
    secret: bool


@dataclass(frozen=True, slots=True)
class Processor:
    """A connector and what it can do.

    name: of the connector, `prism:<processor>` for one of the library's. is_certified: tests make its payments as its documents say.
    methods: ways to pay; `any` where the processor asks the payer itself. currencies: ISO 4217; None when the account decides.
    flows: what can be done, by `authorize`, `capture`, `void`, `increment`, `refund`, `lookup`, `refund_lookup`, `callbacks`, `disputes`,
    `three_ds`, `recurring`. lookup_by, refund_lookup_by: by whose name the processor finds a payment or a refund; None when it cannot.
    """

    name: str
    is_certified: bool
    methods: tuple[str, ...]
    currencies: tuple[str, ...] | None
    credentials: tuple[Credential, ...]
    flows: Mapping[str, bool]
    lookup_by: LookedUpBy | None
    refund_lookup_by: LookedUpBy | None


def find(name: str) -> Processor | None:
    """The processor of a connector's name; None when there is none."""
    return _by_name().get(name)


def every() -> tuple[Processor, ...]:
    """All of them, by name."""
    return tuple(_by_name().values())


@cache
def certified() -> frozenset[str]:
    """Names of those whose payments are made in tests as their documents say."""
    return frozenset(json.loads(_CERTIFIED.read_text(encoding="utf-8")))


@cache
def _by_name() -> Mapping[str, Processor]:
    table = json.loads(_TABLE.read_text(encoding="utf-8"))["processors"]
    return MappingProxyType({entry["name"]: _processor(entry, is_certified=entry["name"] in certified()) for entry in table})


def _processor(entry: Mapping[str, Any], *, is_certified: bool) -> Processor:
    currencies = entry["currencies"]
    return Processor(
        name=entry["name"],
        is_certified=is_certified,
        methods=tuple(entry["methods"]),
        currencies=None if currencies is None else tuple(currencies),
        credentials=tuple(Credential(one["name"], one["required"], one["secret"]) for one in entry["credentials"]),
        flows=MappingProxyType(dict(entry["flows"])),
        lookup_by=entry["lookup_by"],
        refund_lookup_by=entry["refund_lookup_by"],
    )
