"""Makes the tables, a merchant with an endpoint, and wallets with money: `seed.py USERS`. Prints the credentials."""

import json
import os
import secrets
import sys

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
django.setup()

from shop.models import Account, Merchant, Wallet, WebhookEndpoint  # noqa: E402 - after the set-up, as Django asks

call_command("migrate", "--run-syncdb", verbosity=0)
merchant = Merchant.objects.create(api_key=f"pk_{secrets.token_hex(16)}", secret=secrets.token_hex(24))
Account.objects.create(entity="merchant", entity_id=merchant.id)
WebhookEndpoint.objects.create(merchant=merchant, url="http://127.0.0.1:9/hook")
for number in range(int(sys.argv[1])):
    wallet = Wallet.objects.create(user_id=f"user-{number}", merchant=merchant)
    Account.objects.create(entity="wallet", entity_id=wallet.id, balance=1_000_000)
print(json.dumps({"api_key": merchant.api_key, "secret": merchant.secret}))
