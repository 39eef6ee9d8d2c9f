"""The route that shows a merchant its own requests."""

from typing import Annotated

from pydantic import Field, StringConstraints

from dashboard.request_log import store
from dashboard.request_log.lines import Request
from paycorex import clock
from paycorex.contract import ListQuery, Moment, View
from paycorex.http import Answer, App, Call

_NAME = "requests"


class RequestsQuery(ListQuery):
    """GET /v1/requests. from inclusive, to exclusive; without them the last thirty days.

    status: an HTTP status, or a class of them such as 4xx.
    """

    from_: Annotated[Moment | None, Field(alias="from")] = None
    to: Moment | None = None
    status: Annotated[str, StringConstraints(pattern=r"^[1-5](xx|[0-9]{2})$")] | None = None
    key_id: Annotated[str, StringConstraints(pattern=r"^key_[a-z2-7]{26}$")] | None = None


class RequestView(View):
    """One request. `at`: when its answer was ready; `duration_ms`: inside the function, without the gateway."""

    request_id: str
    at: str
    method: str
    path: str
    status: int
    code: str | None
    duration_ms: int
    key_id: str | None


class RequestList(View):
    """A page of requests, newest first."""

    data: list[RequestView]
    next_cursor: str | None


def add_to(app: App) -> None:
    """Add the route to the dashboard's app."""
    app.route("GET", "/v1/requests", scope="merchant:read", query=RequestsQuery, answer=RequestList)(list_requests)


def list_requests(call: Call[None, RequestsQuery]) -> Answer:
    """The merchant's own requests of the last thirty days, newest first. One is listed some seconds after its answer."""
    query, now = call.query, clock.now_ms()

    def keep(each: Request) -> bool:
        wanted = query.status is None or str(each.status).startswith(query.status.removesuffix("xx"))
        return wanted and query.key_id in {None, each.key_id}

    page = store.newest(
        call.caller.merchant_id,
        from_ms=now - store.KEPT_SECONDS * 1000 if query.from_ is None else clock.parse_rfc3339(query.from_),
        to_ms=now + 60_000 if query.to is None else clock.parse_rfc3339(query.to),
        keep=keep,
        limit=query.limit,
        position=call.position(_NAME),
    )
    return Answer(200, RequestList(data=[_view(each) for each in page.items], next_cursor=call.next_cursor(_NAME, page.position)))


def _view(each: Request) -> RequestView:
    return RequestView(
        request_id=each.request_id,
        at=clock.rfc3339(each.at_ms),
        method=each.method,
        path=each.path,
        status=each.status,
        code=each.code,
        duration_ms=each.duration_ms,
        key_id=each.key_id,
    )
