"""Packs: requests of one merchant that came in one batch of log lines and are stored in one item. Pure.

A pack is listed under its newest request. None spans more than a minute, so a reader who goes back in time has seen every pack that may
have a request of a certain moment when it is a minute before it.
"""

import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple
from itertools import groupby
from typing import Final

from dashboard.request_log.lines import Request

SPAN_MS: Final = 60_000
MAX_REQUESTS: Final = 100
# Far more than so many requests take; lines.py bounds what each has.
_MAX_BYTES: Final = 1024 * 1024
Pack = tuple[Request, ...]


def packed(requests: Iterable[Request]) -> Iterator[Pack]:
    """The packs of a batch, each newest first; a request that came twice is in one of them once."""
    merchants: dict[str, dict[str, Request]] = defaultdict(dict)
    for each in requests:
        merchants[each.merchant_id][each.order_key] = each
    for of_one in merchants.values():
        pack: list[Request] = []
        for _, each in sorted(of_one.items(), reverse=True):
            if pack and (len(pack) == MAX_REQUESTS or pack[0].at_ms - each.at_ms > SPAN_MS):
                yield tuple(pack)
                pack = []
            pack.append(each)
        yield tuple(pack)


def mark(pack: Pack) -> str:
    """What tells this pack from another one with the same newest request."""
    return hashlib.sha256("".join(each.order_key for each in pack).encode()).hexdigest()[:16]


def encoded(requests: Pack) -> bytes:
    """Requests without their merchant, compressed: ids of one key, paths and times repeat."""
    return zlib.compress(json.dumps([astuple(each)[1:] for each in requests], separators=(",", ":")).encode())


def decoded(merchant_id: str, stored: bytes) -> Pack:
    """The requests that `encoded` made this of. Raises ValueError for anything else."""
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(stored, _MAX_BYTES)
        if unpacker.eof:
            return tuple(Request(merchant_id, *each) for each in json.loads(content))
    except (ValueError, TypeError, zlib.error) as problem:
        raise ValueError("no pack of requests") from problem
    raise ValueError("a pack of requests is cut off or too large")


def newest_first[P](stored: Iterable[P], requests_of: Callable[[P], Pack]) -> Iterator[Request]:
    """The requests of packs in the order of all of them, each once. stored: packs in the order of their newest requests."""
    return (next(same) for _, same in groupby(_merged(stored, requests_of), key=_order_key))


def _merged[P](stored: Iterable[P], requests_of: Callable[[P], Pack]) -> Iterator[Request]:
    waiting: list[Request] = []
    for pack in map(requests_of, stored):
        # No pack that comes has a request as new as these.
        while waiting and waiting[-1].order_key > pack[0].order_key:
            yield waiting.pop()
        waiting = sorted((*waiting, *pack), key=_order_key)
    yield from reversed(waiting)


def _order_key(request: Request) -> str:
    return request.order_key
