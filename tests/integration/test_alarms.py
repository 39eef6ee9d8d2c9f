"""Every alarm of the template rings for its fault, by its own definition, over what the code really logs; none rings while all is well."""

import importlib
from collections.abc import Iterator

import pytest

from tests.scenarios.faults_of_alarms import FAULTS, Scene, chain_gets_nowhere
from tests.support import gateway, template
from tests.support.cloudwatch import CloudWatch, alarms, matches
from tests.support.functions import FUNCTION, Functions
from tests.support.logs import captured
from tests.support.world import World
from tokens import audit

# Alarms that are there only when something is switched on.
UNFOLLOWED = ("HasExportBucket", "ScansEthereum", "ScansPolygon", "ScansBsc")


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    with World().running() as world:
        gateway.apps()
        for function in template.properties(FUNCTION).values():
            importlib.import_module(function["Handler"].rpartition(".")[0])
        audit._logger()
        merchant = world.register()
        world.wallet(merchant, "asha", "10000.00")
        with captured() as log:
            cloudwatch = CloudWatch(lambda: world.clock.now)
            yield Scene(world, Functions(world, cloudwatch, log), cloudwatch, merchant, monkeypatch)


def test_every_alarm_has_a_fault_here_and_every_fault_an_alarm() -> None:
    assert set(FAULTS) == set(alarms())


@pytest.mark.parametrize("alarm", sorted(FAULTS))
def test_an_alarm_rings_for_its_fault(scene: Scene, alarm: str) -> None:
    scene.minutes(16, scene.one_healthy_minute)
    if not alarm.startswith("ChainLag"):
        assert not scene.cloudwatch.rings(alarm)
    FAULTS[alarm](scene)
    assert scene.cloudwatch.rings(alarm)


def test_no_alarm_rings_in_half_an_hour_of_payments_and_none_without_them(scene: Scene) -> None:
    scene.minutes(30, scene.one_healthy_minute)
    assert scene.cloudwatch.ringing(*UNFOLLOWED) == set()
    scene.minutes(30, scene.functions.tick)
    assert scene.cloudwatch.ringing(*UNFOLLOWED) == set()


def test_an_alarm_rings_for_ticks_of_a_scanner_that_get_nowhere_too(scene: Scene) -> None:
    chain_gets_nowhere(scene)
    assert scene.cloudwatch.rings("ChainLagEthereumAlarm")


def test_the_alarm_on_the_tamper_alarms_own_lag_has_data_while_nothing_is_tampered_with(scene: Scene) -> None:
    scene.minutes(2, scene.one_healthy_minute)
    name = ("AWS/Lambda", "IteratorAge", frozenset({("FunctionName", "LedgerWatchFunction")}))
    assert len(scene.cloudwatch.data[name]) == 2
    assert not scene.cloudwatch.rings("LedgerTamperedAlarm")


@pytest.mark.parametrize(
    ("pattern", "line", "wanted"),
    [
        ('{ $.message = "a" }', {"message": "a"}, True),
        ('{ $.message = "a" }', {"message": "ab"}, False),
        ('{ $.message = "a" }', {}, False),
        ('{ ($.message = "a") || ($.message = "b") }', {"message": "b"}, True),
        ('{ ($.message = "a") && ($.n >= 0) }', {"message": "a", "n": 0}, True),
        ('{ ($.message = "a") && ($.n >= 0) }', {"message": "a"}, False),
        ('{ ($.message = "a") && ($.n >= 0) }', {"message": "a", "n": "7"}, False),
    ],
)
def test_a_filter_pattern_is_read_as_cloudwatch_reads_it(pattern: str, line: dict[str, object], wanted: bool) -> None:
    assert matches(pattern, line) is wanted
