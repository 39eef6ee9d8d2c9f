"""Lists as iterators, which ask for the next page when the last one is used up."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from typing import Any

from paycorex_client.answers import Json
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.attempts import object_of
from paycorex_client.calls import Call
from paycorex_client.transport import Transport


@dataclass(frozen=True, slots=True)
class Page[T]:
    """One page. next_cursor: None at the end."""

    data: list[T]
    next_cursor: str | None


class Pages[T]:
    """A list: iterate over its objects, or over `pages()`. Each iteration asks anew."""

    def __init__(self, transport: Transport, call: Call, kind: type[T]) -> None:
        self._transport, self._call, self._kind = transport, call, kind

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.data

    def pages(self, cursor: str | None = None) -> Iterator[Page[T]]:
        """Page after page, from a cursor or from the start."""
        for page in self.json_pages(cursor):
            yield _page(page, self._kind)

    def json_pages(self, cursor: str | None = None) -> Iterator[Json]:
        """Page after page as it was answered, for what shall be passed on unchanged."""
        while True:
            page = self._transport.json(_at(self._call, cursor))
            yield page
            if page.get("next_cursor") is None:
                return
            cursor = page["next_cursor"]

    def first(self) -> T | None:
        """The first object; None when there is none."""
        return next(iter(self), None)


class AsyncPages[T]:
    """A list: iterate over its objects with `async for`, or over `pages()`. Each iteration asks anew."""

    def __init__(self, transport: AsyncTransport, call: Call, kind: type[T]) -> None:
        self._transport, self._call, self._kind = transport, call, kind

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for each in page.data:
                yield each

    async def pages(self, cursor: str | None = None) -> AsyncIterator[Page[T]]:
        """Page after page, from a cursor or from the start."""
        while True:
            page = _page(await self._transport.json(_at(self._call, cursor)), self._kind)
            yield page
            if page.next_cursor is None:
                return
            cursor = page.next_cursor

    async def first(self) -> T | None:
        """The first object; None when there is none."""
        async for each in self:
            return each
        return None


def _at(call: Call, cursor: str | None) -> Call:
    return call if cursor is None else replace(call, query={**call.query, "cursor": cursor})


def _page[T](body: Json, kind: type[T]) -> Page[T]:
    data: list[Any] = body.get("data", [])
    return Page([object_of(each, kind, 200) for each in data], body.get("next_cursor"))
