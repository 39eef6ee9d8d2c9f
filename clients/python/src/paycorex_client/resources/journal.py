"""Journal. Generated from the contract."""

from __future__ import annotations

from paycorex_client.answers import Content
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, Moment, NotGiven, given


class Journal:
    """Journal."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def export(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        cursor: str | NotGiven = NOT_GIVEN,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Content:
        """Journals of a period for accounting programs: CSV with account codes. X-Next-Cursor says that there is more.

        `next_cursor` of the answer continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        from_: Journals that were booked at this time or later.
        to: Journals that were booked before this time. Journals of the last ten minutes are left out.
        """
        call = Call("GET", "/v1/journal_export", query=given({"limit": limit, "cursor": cursor, "from": from_, "to": to}), timeout=timeout)
        return self._transport.content(call)

    def export_beancount(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        cursor: str | NotGiven = NOT_GIVEN,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Content:
        """Journals of a period for accounting programs, as beancount's text form.

        `next_cursor` of the answer continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        from_: Journals that were booked at this time or later.
        to: Journals that were booked before this time. Journals of the last ten minutes are left out.
        """
        call = Call(
            "GET", "/v1/journal_export/beancount", query=given({"limit": limit, "cursor": cursor, "from": from_, "to": to}), timeout=timeout
        )
        return self._transport.content(call)


class AsyncJournal:
    """Journal."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def export(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        cursor: str | NotGiven = NOT_GIVEN,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Content:
        """Journals of a period for accounting programs: CSV with account codes. X-Next-Cursor says that there is more.

        `next_cursor` of the answer continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        from_: Journals that were booked at this time or later.
        to: Journals that were booked before this time. Journals of the last ten minutes are left out.
        """
        call = Call("GET", "/v1/journal_export", query=given({"limit": limit, "cursor": cursor, "from": from_, "to": to}), timeout=timeout)
        return await self._transport.content(call)

    async def export_beancount(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        cursor: str | NotGiven = NOT_GIVEN,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Content:
        """Journals of a period for accounting programs, as beancount's text form.

        `next_cursor` of the answer continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        from_: Journals that were booked at this time or later.
        to: Journals that were booked before this time. Journals of the last ten minutes are left out.
        """
        call = Call(
            "GET", "/v1/journal_export/beancount", query=given({"limit": limit, "cursor": cursor, "from": from_, "to": to}), timeout=timeout
        )
        return await self._transport.content(call)
