"""`pcx payments`: create, get, list, refund, capture."""

import json
from typing import Annotated, Any, Literal

import typer

from paycorex_client.cli.session import Session
from paycorex_client.values import NOT_GIVEN, NotGiven

app = typer.Typer(no_args_is_help=True, help="Take payments, look at them, give money back.")
FIELDS = ("payment_id", "status", "amount", "currency", "method", "amount_refunded", "failure_code", "created_at")
Key = Annotated[str | None, typer.Option("--idempotency-key", help="One effect, however often the command is run.")]


def _given[T](value: T | None) -> T | NotGiven:
    return NOT_GIVEN if value is None else value


def _metadata(pairs: list[str]) -> dict[str, Any] | NotGiven:
    if any("=" not in pair for pair in pairs):
        raise typer.BadParameter("--metadata takes name=value")
    return dict(pair.split("=", 1) for pair in pairs) if pairs else NOT_GIVEN


@app.command()
def create(  # noqa: PLR0913, PLR0917 - an option for each field
    context: typer.Context,
    amount: Annotated[str, typer.Argument(help="In major units, such as 1000.50.")],
    method: Annotated[Literal["wallet", "tokenized", "upi_intent", "crypto"], typer.Option(help="How it is paid.")] = "upi_intent",
    user: Annotated[str | None, typer.Option(help="The payer, as the shop names it.")] = None,
    token: Annotated[str | None, typer.Option(help="A stored instrument.")] = None,
    currency: Annotated[str | None, typer.Option()] = None,
    description: Annotated[str | None, typer.Option()] = None,
    metadata: Annotated[list[str] | None, typer.Option(help="name=value, more than once.")] = None,
    manual: Annotated[bool, typer.Option("--manual", help="Hold the money; capture it later.")] = False,  # noqa: FBT002 - typer's way
    idempotency_key: Key = None,
) -> None:
    """Take a payment."""
    session: Session = context.obj
    with session.output.trouble():
        made = session.client.payments.create(
            amount=amount,
            method=method,
            user_id=_given(user),
            token_id=_given(token),
            currency=_given(currency),
            description=_given(description),
            metadata=_metadata(metadata or []),
            capture_method="manual" if manual else NOT_GIVEN,
            idempotency_key=idempotency_key,
        )
        session.output.one(made, *FIELDS)
        if made.next_action is not None:
            session.output.notes.print(json.dumps(made.next_action.model_dump(mode="json"), indent=1), markup=False)


@app.command()
def get(context: typer.Context, payment_id: str) -> None:
    """One payment."""
    session: Session = context.obj
    with session.output.trouble():
        session.output.one(session.client.payments.get(payment_id), *FIELDS, "user_id", "description", "metadata", "provider_reference")


@app.command("list")
def list_(
    context: typer.Context,
    status: Annotated[Literal["pending", "processing", "authorized", "success", "failed"] | None, typer.Option()] = None,
    user: Annotated[str | None, typer.Option()] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
) -> None:
    """The newest payments."""
    session: Session = context.obj
    with session.output.trouble():
        found = session.client.payments.list(status=_given(status), user_id=_given(user), limit=min(limit, 100))
        session.output.many([payment for _, payment in zip(range(limit), found, strict=False)], *FIELDS)


@app.command()
def refund(
    context: typer.Context,
    payment_id: str,
    amount: Annotated[str | None, typer.Option(help="All of it, when none is given.")] = None,
    reason: Annotated[str | None, typer.Option()] = None,
    idempotency_key: Key = None,
) -> None:
    """Give money back."""
    session: Session = context.obj
    with session.output.trouble():
        made = session.client.refunds.create(
            payment_id=payment_id, amount=_given(amount), reason=_given(reason), idempotency_key=idempotency_key
        )
        session.output.one(made, "refund_id", "payment_id", "status", "amount", "currency", "failure_code")


@app.command()
def capture(
    context: typer.Context,
    payment_id: str,
    amount: Annotated[str | None, typer.Option(help="All that is left, when none is given.")] = None,
    more: Annotated[bool, typer.Option("--more", help="Another capture follows.")] = False,  # noqa: FBT002 - typer's way
    idempotency_key: Key = None,
) -> None:
    """Take what a hold holds."""
    session: Session = context.obj
    with session.output.trouble():
        made = session.client.payments.capture(payment_id, amount=_given(amount), final=not more, idempotency_key=idempotency_key)
        session.output.one(made, "capture_id", "payment_id", "status", "amount", "currency", "final")
