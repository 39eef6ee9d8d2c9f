"""The commands of `pcx` and what they share."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from paycorex_client.cli import clock, events, payments, profiles
from paycorex_client.cli.fixtures import Run
from paycorex_client.cli.output import Exit, Output
from paycorex_client.cli.session import Session
from paycorex_client.client import PayCoreX

app = typer.Typer(no_args_is_help=True, pretty_exceptions_show_locals=False, help="PayCoreX for merchants.")
fixtures = typer.Typer(no_args_is_help=True, help="Files of calls.")
app.add_typer(payments.app, name="payments")
app.add_typer(fixtures, name="fixtures")
app.add_typer(clock.app, name="clock")
events.add_to(app)


@app.callback()
def options(
    context: typer.Context,
    profile: Annotated[str, typer.Option(envvar=profiles.PROFILE_VARIABLE, help="Which login to use.")] = "default",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,  # noqa: FBT002 - typer's way
) -> None:
    """Exit status: 0 done, 1 refused by the API, 2 wrong command line, 3 no answer, 4 not logged in."""
    session = Session(profile, Output(as_json))
    context.obj = session
    context.call_on_close(session.close)


@app.command()
def login(
    context: typer.Context,
    base_url: Annotated[str, typer.Option(prompt="Address of the API")],
    api_key: Annotated[str, typer.Option(prompt="API key")],
    secret_stdin: Annotated[bool, typer.Option("--secret-stdin", help="Read the secret from standard input.")] = False,  # noqa: FBT002
) -> None:
    """Keep an API key and its secret under the chosen profile, once they were tried."""
    session: Session = context.obj
    # Never an argument: other users of a machine can read those.
    secret = sys.stdin.readline().strip() if secret_stdin else typer.prompt("Secret", hide_input=True)
    profile = profiles.new(base_url, api_key, secret)
    with session.output.trouble(), PayCoreX(profile.api_key, profile.secret, base_url=profile.base_url, retry_for=5) as client:
        merchant = client.merchant.get()
        file = profiles.save(session.profile_name, profile)
        session.output.one({"merchant_id": merchant.merchant_id, "name": merchant.name, "profile": session.profile_name, "file": str(file)})


@app.command()
def register(
    context: typer.Context,
    base_url: Annotated[str, typer.Option(prompt="Address of the API")],
    name: Annotated[str, typer.Option(prompt="Name of the merchant")],
    email: Annotated[str, typer.Option(prompt="E-mail")],
) -> None:
    """Register a new merchant, and keep its key under the chosen profile."""
    session: Session = context.obj
    with session.output.trouble(), PayCoreX(base_url=base_url) as client:
        made = client.merchant.register(name=name, email=email)
        if made.api_key is None or made.secret is None:
            raise typer.BadParameter("this merchant was registered before; its secret is shown once only")
        file = profiles.save(session.profile_name, profiles.new(base_url, made.api_key, made.secret))
        session.output.one({"merchant_id": made.merchant_id, "name": made.name, "profile": session.profile_name, "file": str(file)})


@app.command("profiles")
def profiles_(context: typer.Context) -> None:
    """The logins that are kept."""
    session: Session = context.obj
    for name in profiles.names():
        session.output.line(profile=name, base_url=profiles.load(name).base_url)


@fixtures.command("run")
def run_fixtures(context: typer.Context, file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Make the calls of a file; status 1 when one differs from what it expects."""
    session: Session = context.obj
    failed = 0
    with session.output.trouble():
        for done in Run(session.client).steps(file):
            failed += bool(done.wrong)
            session.output.line(ok="FAILED" if done.wrong else "ok", name=done.name, wrong=done.wrong)
    if failed:
        raise typer.Exit(Exit.REFUSED)
