"""What can be read as a file has a path of its own for each format: `GET /v1/disputes/csv`. The parameter `format` still does the same."""

from typing import Final
from urllib.parse import urlencode

import pytest

from paycorex.http.routes import Route
from tests.support import gateway
from tests.support.engine import Engine
from tests.support.expectations import assert_refused
from tests.support.world import Signer, World

QUERIES: Final = {"/v1/statements": {"month": "2026-11"}}


def files() -> list[tuple[Route, Route]]:
    """Each route with files, and the route of each of its files."""
    with World().running():
        routes = [route for app in gateway.apps() for route in app.routes]
    by_path = {route.path: route for route in routes}
    return [(route, by_path[f"{route.path}/{name}"]) for route in routes for name in route.files]


FILES: Final = files()
WITHOUT_ID: Final = [pair for pair in FILES if "{" not in pair[0].path]


def named(pair: tuple[Route, Route]) -> str:
    return pair[1].operation_id


def paid(world: World) -> Signer:
    """A merchant with payments, entries, and more than a page of both."""
    who = world.register()
    world.wallet(who, "asha", "500")
    for _ in range(3):
        assert world.call(who, "POST", "/v1/payments/create", {"amount": "10.00", "method": "wallet", "user_id": "asha"}).status == 201
    Engine(world).settle()
    return who


def test_there_are_such_files() -> None:
    assert len(FILES) == 13
    assert {route.file for _, route in FILES} == {"csv", "pdf", "camt053", "beancount"}


@pytest.mark.parametrize("pair", WITHOUT_ID, ids=named)
def test_a_files_path_answers_what_the_parameter_does(pair: tuple[Route, Route]) -> None:
    shown, file = pair
    world = World()
    with world.running():
        who = paid(world)
        query = QUERIES.get(shown.path, {})
        by_path = world.call(who, "GET", f"{file.path}?{urlencode(query)}")
        by_format = world.call(who, "GET", f"{shown.path}?{urlencode(query | {'format': str(file.file)})}")
    assert by_path.status == 200
    assert by_path.headers["content-type"].partition(";")[0] == file.media_types[0]
    assert (by_path.raw, by_path.headers["content-type"]) == (by_format.raw, by_format.headers["content-type"])


@pytest.mark.parametrize("pair", WITHOUT_ID, ids=named)
def test_a_files_path_takes_no_format(pair: tuple[Route, Route]) -> None:
    shown, file = pair
    world = World()
    with world.running():
        who = world.register()
        reply = world.call(who, "GET", f"{file.path}?{urlencode(QUERIES.get(shown.path, {}) | {'format': 'json'})}")
    assert_refused(reply, "invalid_request")
    assert reply.body["error"]["details"]["field"] == "format"
    assert str(file.file) in reply.body["error"]["message"]


def test_pages_of_a_files_path_follow_each_other() -> None:
    world = World()
    with world.running():
        who = paid(world)
        lines, cursor = [], ""
        for _ in range(3):
            reply = world.call(who, "GET", f"/v1/dashboard/payments/csv?limit=1{cursor}")
            head, line = reply.raw.decode().splitlines()
            lines.append(line)
            cursor = f"&cursor={reply.headers.get('x-next-cursor')}"
    assert head.startswith("payment_id,")
    assert len(set(lines)) == 3


def test_a_file_of_what_is_not_there_is_refused() -> None:
    world = World()
    with world.running():
        who = world.register()
        for target in ("/v1/invoices/INV-2026-000001/pdf", "/v1/invoices/INV-2026-000001/csv", f"/v1/settlements/set_{'a' * 26}/items/csv"):
            assert_refused(world.call(who, "GET", target), "not_found")
