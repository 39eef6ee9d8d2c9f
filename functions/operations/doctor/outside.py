"""What others see and what a stack sees of others: the API, its name and certificate, the clock, chain nodes, the firewall."""

import json
import socket
import ssl
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from operations.doctor.findings import Finding, ok, skipped, wrong
from operations.doctor.stack import Stack
from paycorex import aws, clock, parameters, safe_http
from paycorex.evm.networks import NETWORKS, Network

# Signatures are good for five minutes; who signs with this machine's clock should be much nearer.
_MAX_DRIFT_SECONDS: Final = 30
_CERTIFICATE_DAYS: Final = 14
_HEAD_SECONDS: Final = 600
_CONNECT_SECONDS: Final = 5.0


def policy(stack: Stack) -> safe_http.Policy:
    """Where requests of the doctor may go: as those of the stack itself."""
    return safe_http.Policy.local() if stack.stage == "local" else safe_http.Policy.public()


def machine_clock(stack: Stack) -> Iterator[Finding]:
    """This machine's clock is AWS's."""
    if stack.aws_time is None:
        yield skipped("clock", "AWS's answer carries no time")
        return
    drift = abs(clock.outside_seconds() - stack.aws_time.timestamp())
    if drift > _MAX_DRIFT_SECONDS:
        yield wrong("clock", f"this machine differs from AWS by {drift:.0f} seconds", "set its clock: signatures made here are refused")
    else:
        yield ok("clock", "this machine and AWS agree")


def api(stack: Stack, base_url: str) -> Iterator[Finding]:
    """The API answers, and lets in no request without a signature."""
    for path, wanted in (("/health", 200), ("/v1/payments", 401)):
        check = f"GET {path}"
        try:
            answer = safe_http.send("GET", base_url + path, {}, b"", policy=policy(stack))
        except (safe_http.NotSent, safe_http.OutcomeUnknown) as error:
            yield wrong(check, f"no answer from {base_url}: {error}", "look at the API's address, its domain and the firewall")
            return
        if answer.status == wanted:
            yield ok(check, f"answered {answer.status} after {answer.duration_ms} ms")
        else:
            yield wrong(check, f"answered {answer.status}, not {wanted}", "see 'The API answers 5xx' in docs/runbook.md")


def domain(stack: Stack) -> Iterator[Finding]:
    """The custom domain's name leads somewhere, and its certificate lasts."""
    name = stack.parameters.get("DomainName") or urlsplit(stack.parameters.get("PublicBaseUrl", "")).hostname or ""
    if not name or stack.stage == "local":
        yield skipped("domain", "the stack has no domain of its own")
        return
    try:
        certificate = _certificate(name)
    except socket.gaierror:
        yield wrong("domain", f"{name} has no address", "make its DNS record: an alias of the API's domain (output of the stack)")
    except ssl.SSLCertVerificationError as error:
        yield wrong(
            "domain", f"the certificate of {name} is not good: {error.verify_message}", "look at CertificateArn: names, region, state"
        )
    except OSError as error:
        yield wrong("domain", f"{name} does not answer: {error}", "look at its DNS record and the API's domain")
    else:
        yield _lasting(name, certificate)


def _certificate(name: str) -> Any:
    """What the server of this name shows, verified. Raises OSError and its kinds."""
    with (
        socket.create_connection((name, 443), _CONNECT_SECONDS) as plain,
        ssl.create_default_context().wrap_socket(plain, server_hostname=name) as secure,
    ):
        return secure.getpeercert()


def _lasting(name: str, certificate: Any) -> Finding:
    days = (ssl.cert_time_to_seconds(str(certificate["notAfter"])) - clock.outside_seconds()) / 86_400
    if days < _CERTIFICATE_DAYS:
        return wrong("domain", f"the certificate of {name} ends in {days:.0f} days", "look in ACM why it is not renewed")
    return ok("domain", f"{name} answers, its certificate lasts {days:.0f} days")


def nodes(stack: Stack) -> Iterator[Finding]:
    """Two nodes of each followed network answer, are of that network, and follow it."""
    for name, network in NETWORKS.items():
        if not stack.is_on(f"Watch{name.capitalize()}"):
            continue
        try:
            addresses = list(dict.fromkeys(parameters.read(f"rpc-urls/{name}").split()))
        except parameters.ParameterMissing:
            continue  # said by the check of parameters
        if len(addresses) < 2:
            todo = f"paycorex secrets set rpc-urls/{name} --stack {stack.name}, with two from different providers"
            yield wrong(f"nodes of {name}", "one node is its own witness", todo)
        for place, address in enumerate(addresses):
            yield _node(stack, network, f"node {place + 1} of {name}", address)


def _node(stack: Stack, network: Network, check: str, address: str) -> Finding:
    """Findings name a node by its place: its address may hold a key."""
    todo = f"paycorex secrets set rpc-urls/{network.name} --stack {stack.name}, with another node there"
    try:
        chain_id = int(_ask(stack, address, "eth_chainId"), 16)
        block = _ask(stack, address, "eth_getBlockByNumber", "latest", False)  # noqa: FBT003 - JSON-RPC's own order
        age = clock.now_seconds() - int(block["timestamp"], 16)
    except (safe_http.NotSent, safe_http.OutcomeUnknown) as error:
        return wrong(check, f"it does not answer: {type(error).__name__}", todo)
    except (ValueError, TypeError, KeyError):
        return wrong(check, "it does not answer as a node does", todo)
    if chain_id != network.chain_id:
        return wrong(check, f"it follows chain {chain_id}, not {network.chain_id}", todo)
    if age > _HEAD_SECONDS:
        return wrong(check, f"its newest block is {age:.0f} seconds old", todo)
    return ok(check, f"follows the chain, newest block {age:.0f} seconds old")


def _ask(stack: Stack, address: str, method: str, *params: Any) -> Any:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    answer = safe_http.send("POST", address, {"Content-Type": "application/json"}, body, policy=policy(stack))
    return json.loads(answer.body)["result"]


def firewall(stack: Stack) -> Iterator[Finding]:
    """The web ACL that the stack names stands in front of its API."""
    expected = stack.parameters.get("WebAclArn", "")
    if not expected and not stack.of_kind("AWS::WAFv2::WebACLAssociation"):
        yield skipped("firewall", "the stack has none (WebAclArn)")
        return
    client: Any = aws.for_operators("wafv2")
    arn = f"arn:{client.meta.partition}:apigateway:{client.meta.region_name}::/restapis/{stack.outputs['ApiId']}/stages/{stack.stage}"
    found = client.get_web_acl_for_resource(ResourceArn=arn).get("WebACL")
    if found is None:
        yield wrong("firewall", "no web ACL stands in front of the API", "deploy again: the association was removed")
    elif expected and found["ARN"] != expected:
        yield wrong("firewall", f"another web ACL stands in front of the API: {found['ARN']}", "deploy again")
    else:
        yield ok("firewall", f"{found.get('Name', 'a web ACL')} stands in front of the API")
