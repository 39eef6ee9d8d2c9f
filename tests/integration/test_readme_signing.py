"""The README's two ways to sign, run as they are printed: each is let in."""

import re
import subprocess
import time
from pathlib import Path

import pytest

from local.signed_curl import signed_curl
from tests.support.gateway import Reply
from tests.support.world import Signer, World

ROOT = Path(__file__).parents[2]
FUNCTIONS = dict(re.findall(r"^((?:call|call_v1))\(\) \{.*?\n(.*?)^\}", (ROOT / "README.md").read_text(), re.DOTALL | re.MULTILINE))
# Instead of sending, it shows what it was asked to send: a line each, and a body without line feeds.
SHOWN = 'curl() { printf "%s\\n" "$@"; }'


def call(world: World, who: Signer, name: str, *arguments: str) -> Reply:
    text = f'API=http://api KEY={who.api_key} SECRET={who.secret}\n{name}() {{\n{FUNCTIONS[name]}}}\n{name} "$@"\n'
    return run(world, text, *arguments)


def run(world: World, text: str, *arguments: str) -> Reply:
    """Run a shell text that sends one request."""
    script = f"{SHOWN}\n{text}"
    shown = subprocess.run(["bash", "-euc", script, "bash", *arguments], capture_output=True, text=True, check=True).stdout.splitlines()
    headers: list[tuple[str, str]] = []
    method, target, body = "POST", "", ""
    options = iter(shown)
    for option in options:
        if option == "-X":
            method = next(options)
        elif option == "-d":
            body = next(options)
        elif option == "-H":
            header, _, value = next(options).partition(": ")
            headers.append((header, value))
        elif option.startswith("http://api"):
            target = option.removeprefix("http://api")
    world.clock.now = time.time()
    return world.send(method, target, headers, body.encode())


@pytest.mark.parametrize("name", ["call", "call_v1"])
def test_the_readmes_function_signs_what_is_let_in(world: World, merchant: Signer, name: str) -> None:
    assert call(world, merchant, name, "POST", "/v1/wallet/create", '{"user_id":"user-123"}').status == 201
    assert call(world, merchant, name, "POST", "/v1/wallet/topup", '{"user_id":"user-123","amount":"5000"}', "top-up-1").status == 201
    again = call(world, merchant, name, "POST", "/v1/wallet/topup", '{"user_id":"user-123","amount":"5000"}', "top-up-1")
    assert (again.status, again.headers["idempotent-replayed"]) == (201, "true")
    assert call(world, merchant, name, "GET", "/v1/wallet?user_id=user-123").body["data"][0]["balance"] == "5000.00"
    assert call(world, merchant, name, "GET", "/v1/merchants/me").status == 200
    assert call(world, merchant, name, "PATCH", "/v1/merchants/me", '{"name":"Chai Point"}').status == 200


def test_what_the_local_platform_prints_is_let_in(world: World, merchant: Signer) -> None:
    world.wallet(merchant, "alice")
    done = run(world, signed_curl("http://api", merchant.api_key, merchant.secret))
    assert (done.status, done.body["wallet"]["balance"]) == (201, "10.00")
