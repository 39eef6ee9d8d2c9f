"""What must never be found: secrets in tables, in logs, in any later answer."""

import base64
import json
from typing import Any

from paycorex import aws
from tests.support.expectations import assert_refused
from tests.support.logs import Log
from tests.support.world import World


def disguises(secret: str) -> set[str]:
    """The secret as it might be hiding."""
    raw = secret.encode()
    bare = secret.partition("_")[2].encode()
    forms = {secret, secret[::-1], raw.hex(), raw.hex().upper()}
    for content in (raw, bare):
        # Inside a longer text base64 depends on what comes before; the middle of each of the three alignments does not.
        for shift in range(3):
            encoded = base64.b64encode(b"\0" * shift + content).decode().rstrip("=")
            forms |= {encoded[4:-4], encoded[4:-4].replace("+", "-").replace("/", "_")}
        forms.add(content.hex())
        forms.add(content.decode())
    return forms


def everything_in(world: World) -> str:
    """Every item of every table, binary values in the clear and decoded as far as base64 goes."""

    def plain(value: Any) -> Any:
        return value.hex() + value.decode("latin-1") if isinstance(value, bytes) else str(value)

    text = json.dumps(world.dynamo.dump(), default=plain)
    for part in text.replace("\\", '"').split('"'):
        try:
            text += base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_").decode("latin-1")
        except ValueError:
            continue
    return text


def test_a_dump_of_every_table_and_log_holds_no_secret(world: World, log: Log) -> None:
    """After registering, rotating, paying and being refused (acceptance 16)."""
    merchant = world.register(webhook_url="https://example.com/hook")
    secrets = [merchant.api_key, merchant.secret, merchant.registered["webhook"]["secret"]]
    for scheme in ("v1", "v2"):
        reply = world.call(merchant, "POST", "/v1/merchants/apikey", {"overlap_seconds": 3600}, scheme=scheme)
        secrets += [reply.body["api_key"], reply.body["secret"]]
    secrets.append("credential_canaryQ7xK92mvLwPz4")
    world.call(merchant, "PATCH", "/v1/merchants/me", {"connectors": {"sandbox": {"webhook_secret": secrets[-1]}}})
    world.wallet(merchant, "asha", "100.00")
    world.pay(merchant, "asha", "10.00")
    world.pay(merchant, "asha", "1000.00")
    world.send("POST", "/v1/payments/create", merchant.v1(b"{}")[:2], merchant.secret.encode())
    stored = everything_in(world)
    assert len(secrets) == 8
    for secret in secrets:
        for form in disguises(secret):
            assert form not in stored
            assert form not in log.text


def test_no_answer_shows_a_secret_again(world: World) -> None:
    merchant = world.register(webhook_url="https://example.com/hook")
    shown = [merchant.api_key, merchant.secret, merchant.registered["webhook"]["secret"]]
    reads = [("GET", "/v1/merchants/me"), ("GET", "/v1/merchants/apikeys"), ("GET", "/v1/payments"), ("GET", "/v1/dashboard/ledgers")]
    for method, target in reads:
        answer = world.call(merchant, method, target).raw.decode()
        assert not any(secret in answer for secret in shown)


def test_the_dump_without_kms_signs_nothing(world: World) -> None:
    """The sealed secrets open for the key service alone: without it a new environment can verify no request."""
    merchant = world.register()
    for key_id in (world.settings.sealing_key_id, world.settings.vault_key_id):
        world.kms.disable_key(KeyId=key_id)
    world.restart()
    assert_refused(world.call(merchant, "GET", "/v1/merchants/me"), "temporarily_unavailable")
    aws.use("kms", world.kms)
