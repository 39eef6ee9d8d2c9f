"""`pcx clock show` and `pcx clock advance`: the merchant's test clock."""

import time
from typing import Annotated, Final

import typer

from paycorex_client.cli.output import Exit
from paycorex_client.cli.session import Session

app = typer.Typer(no_args_is_help=True, help="The test clock: let time pass for what waits. Not in production.")
STILL: Final = "still"
_ASK_SECONDS: Final = 2.0
# The loops that move records run every minute; payouts move a minute after the rest.
WAIT_SECONDS: Final = 600


@app.command()
def show(context: typer.Context) -> None:
    """How much time was let pass, and whether everything has moved."""
    session: Session = context.obj
    with session.output.trouble():
        session.output.one(session.client.test_clock.get())


@app.command()
def advance(
    context: typer.Context,
    duration: Annotated[str, typer.Argument(help="ISO 8601, such as P7D, PT36H or P1DT12H.")],
    wait: Annotated[bool, typer.Option(help="Wait until everything has moved.")] = True,  # noqa: FBT002 - typer's way
) -> None:
    """Let time pass for what waits of this merchant: payments, holds, disputes, checkouts, links, keys, webhooks, payouts.

    Status 3 when not everything has moved after ten minutes; it goes on moving.
    """
    session: Session = context.obj
    with session.output.trouble():
        asked = session.client.test_clock.advance(advance=duration)
        until = time.monotonic() + WAIT_SECONDS
        with session.output.progress("what waits is moving"):
            while wait and asked.status != STILL:
                if time.monotonic() >= until:
                    session.output.notes.print("it still moves: ask with pcx clock show", markup=False)
                    raise typer.Exit(Exit.UNREACHABLE)
                time.sleep(_ASK_SECONDS)
                asked = session.client.test_clock.get()
        session.output.one(asked)
