"""The route of the search field."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints

from dashboard.search import finding
from dashboard.search.views import SearchView
from paycorex import credentials
from paycorex.contract import Query
from paycorex.http import Answer, App, Call
from paycorex.text import clean

DEFAULT_HITS: Final = 20
MAX_HITS: Final = 50
SANDBOX: Final = "sandbox"

Asked = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=254), AfterValidator(clean)]


class SearchQuery(Query):
    """GET /v1/search: an id, a reference, an amount, the last four digits of a card, an address, a user."""

    q: Asked
    limit: Annotated[int, Field(ge=1, le=MAX_HITS)] = DEFAULT_HITS


def add_to(app: App) -> None:
    """Add the route to the dashboard's app."""
    app.route("GET", "/v1/search", scope="dashboard:read", query=SearchQuery, answer=SearchView)(search)


def search(call: Call[None, SearchQuery]) -> Answer:
    """Find records of any kind by one text: each kind is shown to those whose scopes show it."""
    merchant = credentials.find_merchant(call.caller.merchant_id)
    connectors = [*(merchant.settings.connectors if merchant is not None else ()), SANDBOX]
    return Answer(200, finding.search(call.caller, call.query.q, limit=call.query.limit, connectors=connectors))
