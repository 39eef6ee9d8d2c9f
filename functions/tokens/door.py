"""HTTP door of the token vault. No answer ever holds an instrument's value."""

from paycorex import aws, card_storage, credentials
from paycorex.contract import View
from paycorex.credentials import Caller
from paycorex.errors import NotFound
from paycorex.http import Answer, App, Call
from paycorex.records.token import TokenView, view
from tokens import store, vault
from tokens.fingerprints import request_digest
from tokens.requests import CreateToken, TokenQuery

app = App("tokens")
_LIST = "tokens"


class TokenList(View):
    """A page of tokens, newest first."""

    data: list[TokenView]
    next_cursor: str | None


def _replay(caller: Caller, token_id: str) -> TokenView:
    return view(vault.find(caller.merchant_id, token_id))


def _digest(call: Call[CreateToken, None]) -> str:
    if call.body.root.type == "card":
        # Before anything of the number is remembered, its keyed hash included.
        _check_card_storage(call.caller)
    return request_digest(call.caller.merchant_id, call.body.root.instrument())


@app.route(
    "POST",
    "/v1/tokens/create",
    scope="tokens:write",
    body=CreateToken,
    answer=TokenView,
    status=201,
    other_status=200,
    replay=_replay,
    digest=_digest,
)
def create_token(call: Call[CreateToken, None]) -> Answer:
    """Keep an instrument: 201 with its token, 200 when this user's instrument is already kept."""
    details = call.body.root
    kept = vault.tokenize(call.caller.merchant_id, details.user_id, details.instrument(), claim=call.claim)
    return Answer(201 if kept.created else 200, view(kept.token))


def _check_card_storage(caller: Caller) -> None:
    """Raises CardNumbersRefused."""
    merchant = credentials.find_merchant(caller.merchant_id)
    if merchant is None:
        raise NotFound("merchant")
    card_storage.check_kept(merchant.settings, caller.currency)


@app.route("GET", "/v1/tokens", scope="tokens:read", query=TokenQuery, answer=TokenList)
def list_tokens(call: Call[None, TokenQuery]) -> Answer:
    """A user's active tokens, newest first."""
    query = call.query
    items, following = store.tokens_of(
        call.caller.merchant_id,
        query.user_id,
        limit=query.limit,
        position=call.position(_LIST),
    )
    return Answer(200, TokenList(data=[view(item) for item in items], next_cursor=call.next_cursor(_LIST, following)))


@app.route("GET", "/v1/tokens/{token_id}", scope="tokens:read", answer=TokenView)
def show_token(call: Call[None, None]) -> Answer:
    """One token, a deleted one too (`is_active` false)."""
    return Answer(200, view(vault.find(call.caller.merchant_id, call.path["token_id"])))


aws.warm("dynamodb", "kms")
handler = app.handler
