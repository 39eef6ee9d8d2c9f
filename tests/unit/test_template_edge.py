"""The optional edge: domain, firewall and pages; and that nothing of it exists unless it is asked for."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support import template

OPTIONAL = {
    "AWS::ApiGateway::DomainName": "HasDomain",
    "AWS::ApiGateway::BasePathMapping": "HasDomain",
    "AWS::Route53::RecordSet": "HasDomainRecord",
    "AWS::WAFv2::WebACL": "HasFirewall",
    "AWS::CloudFront::Distribution": "HasPages",
    "AWS::CloudFront::ResponseHeadersPolicy": "HasPages",
}


def only(kind: str) -> dict[str, Any]:
    """The properties of the one resource of a type."""
    (found,) = template.properties(kind).values()
    return found


def chosen(value: Any, given: dict[str, str]) -> Any:
    """A value with its conditions decided by these parameters, and its `Sub` written out; other intrinsics are left."""
    if isinstance(value, dict) and "Fn::If" in value:
        name, then, otherwise = value["Fn::If"]
        return chosen(then if holds(template.template()["Conditions"][name], given) else otherwise, given)
    if isinstance(value, dict) and "Fn::Sub" in value:
        text: str = value["Fn::Sub"]
        for name, one in given.items():
            text = text.replace(f"${{{name}}}", one)
        return text
    return value


def holds(condition: Any, given: dict[str, str]) -> bool:
    """A condition of the template for these parameters; others have their defaults."""
    ((operator, operands),) = condition.items()
    match operator:
        case "Condition":
            return holds(template.template()["Conditions"][operands], given)
        case "Fn::Not":
            return not holds(operands[0], given)
        case "Fn::And":
            return all(holds(one, given) for one in operands)
        case "Fn::Or":
            return any(holds(one, given) for one in operands)
    left, right = (parameter(one, given) for one in operands)
    return left == right


def parameter(value: Any, given: dict[str, str]) -> str:
    if isinstance(value, dict) and "Fn::Join" in value:
        value = value["Fn::Join"][1]
    if isinstance(value, dict):
        return given.get(value["Ref"], str(template.template()["Parameters"][value["Ref"]].get("Default", "")))
    return str(value)


def test_a_stack_has_nothing_at_the_edge_unless_it_is_asked_for() -> None:
    for kind, condition in OPTIONAL.items():
        assert {one.get("Condition") for one in template.resources(kind).values()} == {condition}
        assert not holds({"Condition": condition}, {}), condition
    associations = template.resources("AWS::WAFv2::WebACLAssociation").values()
    assert {one["Condition"]: holds({"Condition": one["Condition"]}, {}) for one in associations} == {
        "HasFirewall": False,
        "HasWebAcl": False,
    }


def test_a_domain_speaks_tls_1_2_and_leads_to_the_stage() -> None:
    domain, mapping = only("AWS::ApiGateway::DomainName"), only("AWS::ApiGateway::BasePathMapping")
    assert (domain["SecurityPolicy"], domain["EndpointConfiguration"]) == ("TLS_1_2", {"Types": ["REGIONAL"]})
    assert (mapping["RestApiId"], mapping["Stage"]) == ({"Ref": "Api"}, {"Ref": "Api.Stage"})
    assert chosen(mapping["BasePath"], {"DomainName": "api.example.com"}) == {"Ref": "AWS::NoValue"}
    assert chosen(mapping["BasePath"], {"DomainName": "api.example.com", "BasePath": "pay"}) == {"Ref": "BasePath"}


@pytest.mark.parametrize(("given", "closed"), [({}, False), ({"DomainName": "api.example.com"}, True)])
def test_with_a_domain_the_gateways_own_address_is_closed(given: dict[str, str], *, closed: bool) -> None:
    """Else its TLS policy, and whatever stands before the domain, could be gone around."""
    assert chosen(only("AWS::Serverless::Api")["DisableExecuteApiEndpoint"], given) is closed


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ""),
        ({"DomainName": "api.example.com"}, "https://api.example.com"),
        ({"DomainName": "api.example.com", "BasePath": "money"}, "https://api.example.com/money"),
        ({"DomainName": "api.example.com", "PublicBaseUrl": "https://shop.example.com"}, {"Ref": "PublicBaseUrl"}),
    ],
)
def test_links_for_payers_lead_to_the_domain(given: dict[str, str], expected: Any) -> None:
    functions = template.properties("AWS::Serverless::Function").values()
    found = [variables["PUBLIC_BASE_URL"] for one in functions if "PUBLIC_BASE_URL" in (variables := one["Environment"]["Variables"])]
    assert len(found) >= 2
    assert {str(chosen(value, given)) for value in found} == {str(expected)}
    if "PublicBaseUrl" not in given:
        url = chosen(template.template()["Outputs"]["ApiUrl"]["Value"], given)
        assert url == (expected or "https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${Stage}")


def test_each_rule_of_the_firewall_has_its_place_and_refuses() -> None:
    rules = [rule["Fn::If"][1] if "Fn::If" in rule else rule for rule in only("AWS::WAFv2::WebACL")["Rules"]]
    assert [rule["Priority"] for rule in rules] == list(range(5))
    assert [
        rule
        for rule in rules
        if rule.get("Action", {"Block": {}}) != {"Block": {}} or rule.get("OverrideAction", {"None": {}}) != {"None": {}}
    ] == []
    managed = {rule["Name"]: rule["Statement"]["ManagedRuleGroupStatement"] for rule in rules if "OverrideAction" in rule}
    assert set(managed) == {"AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesKnownBadInputsRuleSet", "AWSManagedRulesCommonRuleSet"}
    # A merchant's server sends no User-Agent, and a webhook's address in a body is no attack.
    counted = {override["Name"] for override in managed["AWSManagedRulesCommonRuleSet"]["RuleActionOverrides"]}
    assert counted >= {"NoUserAgent_HEADER", "GenericRFI_BODY", "SizeRestrictions_BODY"}


def test_countries_are_refused_only_when_some_are_named() -> None:
    rule = only("AWS::WAFv2::WebACL")["Rules"][0]
    assert chosen(rule, {}) == {"Ref": "AWS::NoValue"}
    assert chosen(rule, {"FirewallBlockedCountries": "XX"})["Statement"] == {
        "GeoMatchStatement": {"CountryCodes": {"Ref": "FirewallBlockedCountries"}}
    }


def behaviours() -> Iterator[dict[str, Any]]:
    config = only("AWS::CloudFront::Distribution")["DistributionConfig"]
    yield config["DefaultCacheBehavior"]
    yield from config["CacheBehaviors"]


def test_the_edge_keeps_files_only_and_speaks_https_only() -> None:
    """AWS's policies by id: 4135… keeps nothing, 6583… what the answer allows, b689… passes on all but the host's name."""
    default, assets = behaviours()
    assert (default["CachePolicyId"][:4], assets["CachePolicyId"][:4], assets["PathPattern"]) == ("4135", "6583", "/assets/*")
    assert "DELETE" in default["AllowedMethods"]
    for one in (default, assets):
        assert (one["ViewerProtocolPolicy"], one["OriginRequestPolicyId"][:4]) == ("https-only", "b689")
        assert one["ResponseHeadersPolicyId"] == {"Ref": "PagesHeaders"}
    headers = only("AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    assert headers["StrictTransportSecurity"]["AccessControlMaxAgeSec"] == 31536000


@pytest.mark.parametrize(
    ("given", "host", "path"),
    [
        ({"Stage": "prod"}, "${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}", "/prod"),
        ({"Stage": "prod", "DomainName": "api.example.com"}, {"Ref": "DomainName"}, ""),
        ({"Stage": "prod", "DomainName": "api.example.com", "BasePath": "money"}, {"Ref": "DomainName"}, "/money"),
    ],
)
def test_the_edge_asks_the_api_where_it_answers(given: dict[str, str], host: Any, path: str) -> None:
    config = only("AWS::CloudFront::Distribution")["DistributionConfig"]
    (origin,) = config["Origins"]
    assert (chosen(origin["DomainName"], given), chosen(origin["OriginPath"], given)) == (host, path)
    assert origin["CustomOriginConfig"] == {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"]}
    assert chosen(config["ViewerCertificate"], {"PagesDomainName": "pay.example.com"})["MinimumProtocolVersion"] == "TLSv1.2_2021"


def test_what_cannot_work_is_refused_before_anything_is_made() -> None:
    rules = template.template()["Rules"]
    assert {"DomainHasACertificate", "BasePathHasADomain", "PagesDomainHasACertificate", "OneFirewall"} <= set(rules)
    for given, rule in (
        ({"DomainName": "api.example.com"}, "DomainHasACertificate"),
        ({"BasePath": "money"}, "BasePathHasADomain"),
        ({"PagesDomainName": "pay.example.com"}, "PagesDomainHasACertificate"),
        ({"Firewall": "true", "WebAclArn": "arn"}, "OneFirewall"),
    ):
        assert holds(rules[rule]["RuleCondition"], given)
        assert not holds(rules[rule]["Assertions"][0]["Assert"], given), rule
        assert not holds(rules[rule]["RuleCondition"], {}), rule
