"""What a deployment to AWS passes on, shows and refuses, before anything is done."""

import json
import re
import tomllib

import pytest

from local import deployment_plan, to_aws
from local.deployment_plan import Concurrency, Plan, Refused, plan
from tests.support import template

USES = deployment_plan.uses_of(template.template())
NEW_ACCOUNT = Concurrency(quota=10, unreserved=10)
ORDINARY = Concurrency(quota=1000, unreserved=1000)
DEFAULTS = {name: str(found["Default"]) for name, found in template.template()["Parameters"].items() if "Default" in found}
PROD = {"Stage": "prod", "RegistrationMode": "closed", "ProtectTables": "true"}


def planned(asked: dict[str, str], existing: dict[str, str] | None = None, account: Concurrency = NEW_ACCOUNT) -> Plan:
    return plan(asked, existing=existing, defaults=DEFAULTS, concurrency=account, uses=USES)


def test_the_defaults_fit_a_new_account() -> None:
    assert planned(PROD).parameters["Stage"] == "prod"


def test_a_new_stack_is_created_without_protection_and_gets_it_afterwards() -> None:
    """A creation that fails must be able to take its tables away."""
    first = planned(PROD)
    assert (first.parameters["ProtectTables"], first.protects_after) == ("false", True)
    assert not planned({"Stage": "staging"}).protects_after


def test_a_stack_that_is_there_keeps_its_protection_in_one_pass() -> None:
    again = planned(PROD, existing={**DEFAULTS, **PROD})
    assert (again.parameters, again.changes, again.protects_after) == (PROD, (), False)


def test_a_changed_default_does_not_reach_a_stack_that_is_there_and_a_new_parameter_is_shown() -> None:
    existing = {**DEFAULTS, **PROD, "RequestsPerSecond": "7"}
    del existing["SnapStart"]
    decided = planned({**PROD, "LogLevel": "DEBUG"}, existing)
    assert "RequestsPerSecond" not in decided.parameters
    assert decided.changes == ("LogLevel: INFO -> DEBUG", "SnapStart: new, 'false'")


@pytest.mark.parametrize("asked", [{}, {"RegistrationMode": "open"}])
def test_without_a_stage_nothing_is_deployed(asked: dict[str, str]) -> None:
    with pytest.raises(Refused, match="Stage is not given"):
        planned(asked, existing={"Stage": "staging"})


def test_no_stage_is_made_of_another() -> None:
    with pytest.raises(Refused, match="of stage staging, and this is a deployment of stage prod"):
        planned(PROD, existing={**DEFAULTS, "Stage": "staging"}, account=ORDINARY)


@pytest.mark.parametrize("more", [{"ReservedConcurrency": "1"}, {"DoorConcurrency": "1"}])
def test_a_new_account_can_reserve_nothing(more: dict[str, str]) -> None:
    with pytest.raises(Refused, match=r"quota is 10, .* left unreserved; Lambda demands 10"):
        planned({**PROD, **more})
    assert planned({**PROD, **more}, account=ORDINARY).parameters.items() >= more.items()


def test_what_the_stack_reserves_already_is_not_counted_twice() -> None:
    reserving = {**PROD, "ReservedConcurrency": "1", "DoorConcurrency": "100"}
    account = Concurrency(quota=500, unreserved=500 - 300 - USES.reserving["ReservedConcurrency"])
    with pytest.raises(Refused, match=str(300 + USES.reserving["ReservedConcurrency"])):
        planned(reserving, account=account)
    assert planned(reserving, existing={**DEFAULTS, **reserving}, account=account)


def test_more_environments_ready_than_a_function_may_run_is_refused() -> None:
    with pytest.raises(Refused, match="ProvisionedConcurrency"):
        planned({**PROD, "DoorConcurrency": "2", "ProvisionedConcurrency": "3"}, account=ORDINARY)


def test_webhooks_that_may_take_everything_are_refused() -> None:
    with pytest.raises(Refused, match="payments would wait"):
        planned({**PROD, "WebhookConcurrency": "6"})


def test_what_the_template_does_with_concurrency_is_read_from_it() -> None:
    functions = {name: json.dumps(one["Properties"]) for name, one in template.translated_resources("AWS::Lambda::Function").items()}
    for parameter, count in USES.reserving.items():
        assert sum(f'{{"Ref": "{parameter}"}}' in text for text in functions.values()) == count > 0
    assert set(USES.reserving) == {"ReservedConcurrency", "DoorConcurrency"}
    assert USES.of_queues == 2, "deliveries that are out of retries"


@pytest.mark.parametrize("stage", ["local", "staging", "prod"])
def test_every_stage_names_its_stack_its_region_and_itself(stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION", raising=False)
    stack, region, parameters = to_aws.configured(stage)
    assert (stack, parameters["Stage"]) == (f"paycorex-{stage}", stage)
    assert re.fullmatch(r"[a-z]+-[a-z]+-\d", region)
    assert set(parameters) <= set(template.template()["Parameters"])
    assert "Architecture" not in parameters, "the build says what it built for"


def test_production_is_protected_and_its_changes_are_confirmed() -> None:
    assert to_aws.configured("prod")[2]["ProtectTables"] == "true"
    whole = tomllib.loads((template.ROOT / "samconfig.toml").read_text(encoding="utf-8"))
    assert whole["prod"]["deploy"]["parameters"]["confirm_changeset"] is True


def test_a_stage_that_samconfig_does_not_have_is_refused() -> None:
    with pytest.raises(Refused, match="no environment 'qa'"):
        to_aws.configured("qa")


@pytest.mark.parametrize("text", ["LogLevel", "=DEBUG", "--stage=prod"])
def test_parameters_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(Refused, match="Name=value"):
        to_aws.given(text)
    assert to_aws.given("LogLevel=DEBUG PublicBaseUrl=https://pay.example/?a=b") == {
        "LogLevel": "DEBUG",
        "PublicBaseUrl": "https://pay.example/?a=b",
    }
