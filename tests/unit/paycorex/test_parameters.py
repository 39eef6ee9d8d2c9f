"""Secret parameters: kept for minutes, read anew without a deployment, and what happens when there is none or no answer."""

from collections.abc import Iterator
from typing import Any

import pytest

from crypto_monitor.chain import node_addresses
from paycorex import aws, parameters, settings
from tests.fakes.aws_errors import client_error
from tests.support.logs import captured
from tests.support.world import World

NAME = "rpc-urls/ethereum"


@pytest.fixture
def world() -> Iterator[World]:
    with World().running() as running:
        yield running


class Failing:
    """A Parameter Store that answers every read with this code, and counts them."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.reads = 0

    def get_parameter(self, **_request: Any) -> None:
        self.reads += 1
        raise client_error("ssm", "GetParameter", self.code, "")


def put(world: World, value: str) -> None:
    world.ssm.put_parameter(Name=parameters.path(NAME), Value=value, Type="SecureString", Overwrite=True)


def test_a_value_is_read_once_in_five_minutes_and_then_anew(world: World) -> None:
    put(world, "https://one.example/key")
    assert {parameters.read(NAME) for _ in range(3)} == {"https://one.example/key"}
    assert world.ssm.calls["GetParameter"] == 1
    put(world, "https://two.example/key")
    assert parameters.read(NAME) == "https://one.example/key"
    world.clock.now += parameters.CACHE_SECONDS
    assert parameters.read(NAME) == "https://two.example/key"


def test_a_parameter_that_is_not_there_names_itself_and_the_command_and_is_looked_for_again_soon(world: World) -> None:
    for _ in range(3):
        with pytest.raises(parameters.ParameterMissing, match=r"/paycorex/test/rpc-urls/ethereum\. .*secrets set rpc-urls/ethereum"):
            parameters.read(NAME)
    assert world.ssm.calls["GetParameter"] == 1
    put(world, "https://one.example/")
    world.clock.now += parameters.RETRY_SECONDS
    assert parameters.read(NAME) == "https://one.example/"


def test_an_old_value_serves_for_an_hour_without_answers_and_no_longer(world: World) -> None:
    put(world, "https://one.example/")
    parameters.read(NAME)
    failing = Failing("ThrottlingException")
    aws.use("ssm", failing)
    world.clock.now += parameters.CACHE_SECONDS
    assert [parameters.read(NAME) for _ in range(3)] == ["https://one.example/"] * 3
    assert failing.reads == 1, "not asked again for ten seconds"
    world.clock.now += parameters.STALE_SECONDS - parameters.CACHE_SECONDS
    with pytest.raises(parameters.ParameterUnavailable, match="ThrottlingException"):
        parameters.read(NAME)


def test_without_an_answer_and_without_an_old_value_there_is_none(world: World) -> None:
    put(world, "https://one.example/")
    aws.use("ssm", Failing("InternalServerError"))
    with pytest.raises(parameters.ParameterUnavailable):
        parameters.read(NAME)


def test_a_network_that_is_not_followed_has_no_nodes_and_asks_nothing(world: World) -> None:
    put(world, "https://one.example/")
    assert node_addresses.of("ethereum") == ()
    assert world.ssm.calls["GetParameter"] == 0


def test_nodes_are_named_once_each_and_those_who_wait_get_none_when_the_parameter_is_missing(
    world: World,
) -> None:
    settings.use(world.settings.model_copy(update={"watch_ethereum": True}))
    with captured() as log:
        assert node_addresses.of_if_known("ethereum") == ()
    assert "paycorex secrets set rpc-urls/ethereum" in log.lines[-1]["problem"]
    world.follow("ethereum", "https://one.example/ https://two.example/\nhttps://one.example/")
    assert node_addresses.of("ethereum") == ("https://one.example/", "https://two.example/")


def test_nothing_that_is_written_or_raised_quotes_a_value(world: World) -> None:
    put(world, "https://one.example/v2/verysecret")
    parameters.read(NAME)
    aws.use("ssm", Failing("ThrottlingException"))
    with captured() as log:
        world.clock.now += parameters.CACHE_SECONDS
        parameters.read(NAME)
        world.clock.now += parameters.STALE_SECONDS
        with pytest.raises(parameters.ParameterUnavailable) as raised:
            parameters.read(NAME)
    assert log.lines[-1]["message"] == "an old value serves"
    assert "verysecret" not in str(raised.value) + log.text + repr(parameters._kept)
