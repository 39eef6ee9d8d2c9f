"""Makes a merchant of the sandbox for this shop, once, and keeps its keys in .env.

Where registration is closed, ask the operator for a key and write .env by hand: the names below, with your values.
"""

import os
from pathlib import Path

from dotenv import dotenv_values

from paycorex_client import PayCoreX
from paycorex_client.error_codes import Unauthorized

ENV = Path(".env")
PLATFORM, SHOP = os.environ["PAYCOREX_URL"], os.environ["SHOP_URL"]


def is_known() -> bool:
    """True when .env has keys for this platform and this address of the shop, and they still work."""
    kept = dotenv_values(ENV)
    if (kept.get("PAYCOREX_URL"), kept.get("SHOP_URL")) != (PLATFORM, SHOP):
        return False
    with PayCoreX(kept["PAYCOREX_API_KEY"], kept["PAYCOREX_SECRET"], base_url=PLATFORM) as client:
        try:
            client.merchant.get()
        except Unauthorized:
            return False
    return True


def register() -> None:
    """A new merchant, whose webhooks come to this shop. The secrets are shown this once."""
    with PayCoreX(base_url=PLATFORM) as visitor:
        made = visitor.merchant.register(name="Chai Point", email="books@chai.example", webhook_url=f"{SHOP}/webhooks")
    values = {
        "PAYCOREX_URL": PLATFORM,
        "PAYCOREX_API_KEY": made.api_key,
        "PAYCOREX_SECRET": made.secret,
        "PAYCOREX_WEBHOOK_SECRET": made.webhook.secret,
        "SHOP_URL": SHOP,
    }
    ENV.touch(mode=0o600)
    ENV.write_text("".join(f"{name}={value}\n" for name, value in values.items()), encoding="utf-8")


if __name__ == "__main__" and not is_known():
    register()
