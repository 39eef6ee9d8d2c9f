"""What a merchant's settings may name: a rule names a configured connector, and a connector that rules name cannot be removed."""

from collections.abc import Mapping
from typing import Any

from paycorex.connectors import SANDBOXES, has_sandbox
from paycorex.errors import InvalidRequest, InvalidState

Profile = Mapping[str, Any]


def check(merchant_id: str, given: Profile, after: Profile) -> None:
    """given: what the request changes. after: the settings with it.

    Raises InvalidRequest for rules that name a connector which is not there, and for a sandbox where the merchant has none; InvalidState
    for the removal of a connector that rules, or a running experiment's, still name.
    """
    changed: Mapping[str, Any] = given.get("connectors") or {}
    configured: Mapping[str, Any] = after.get("connectors") or {}
    built_in = SANDBOXES if has_sandbox(merchant_id) else ()
    for name in SANDBOXES:
        if changed.get(name) is not None and name not in built_in:
            raise InvalidRequest("A live merchant has no sandbox: use a test merchant.", details={"field": f"connectors.{name}"})
    there = {*(name for name in configured if name not in SANDBOXES), *built_in}
    absent = [(number, name) for number, name in _named(after) if name not in there]
    if given.get("routing_rules") is not None and absent:
        _refuse_rule(*absent[0], there)
    tried = [(place, name) for place, name in _in_experiment(after) if name not in there]
    if given.get("experiment") is not None and tried:
        _refuse_arm(*tried[0], there)
    removed = [name for name, fields in changed.items() if fields is None]
    _refuse_removal([(number, name) for number, name in absent if name in removed])
    _refuse_removal_from_experiment(after, [name for _place, name in tried if name in removed])


def _named(profile: Profile) -> list[tuple[int, str]]:
    rules = enumerate(profile.get("routing_rules") or ())
    return [(number, target["connector"]) for number, rule in rules for target in rule["use"]]


def _in_experiment(profile: Profile) -> list[tuple[str, str]]:
    running: Profile = profile.get("experiment") or {}
    rules = ((f"{arm}.{number}", rule) for arm in ("a", "b") for number, rule in enumerate(running.get(arm) or ()))
    return [(place, target["connector"]) for place, rule in rules for target in rule["use"]]


def _refuse_arm(place: str, name: str, there: set[str]) -> None:
    details = {"field": f"{place}.use", "connector": name, "available": sorted(there)}
    raise InvalidRequest(f"{place} names {name}, which is not configured.", details=details)


def _refuse_removal_from_experiment(profile: Profile, names: list[str]) -> None:
    if names:
        experiment_id = profile["experiment"]["experiment_id"]
        details = {"field": f"connectors.{names[0]}", "experiment_id": experiment_id}
        raise InvalidState(f"The running experiment still names {names[0]}: end it first.", details=details)


def _refuse_rule(number: int, name: str, there: set[str]) -> None:
    details = {"field": f"routing_rules.{number}.use", "connector": name, "available": sorted(there)}
    raise InvalidRequest(f"routing_rules.{number} names {name}, which is not configured.", details=details)


def _refuse_removal(named: list[tuple[int, str]]) -> None:
    if not named:
        return
    name = named[0][1]
    rules = sorted({number for number, other in named if other == name})
    shown = ", ".join(f"routing_rules.{number}" for number in rules)
    message = f"{shown} still names {name}: change routing_rules in the same request."
    raise InvalidState(message, details={"field": f"connectors.{name}", "rules": rules})
