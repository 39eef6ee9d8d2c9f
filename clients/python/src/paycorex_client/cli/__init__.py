"""`pcx`, a merchant's command line. It needs the extra `cli`: pip install 'paycorex-client[cli]'."""

import sys


def main() -> None:
    """Run it."""
    try:
        from paycorex_client.cli.app import app  # noqa: PLC0415 - typer is an extra
    except ImportError as error:
        sys.exit(f"pcx needs typer and rich: pip install 'paycorex-client[cli]' ({error})")
    app()
