"""The processes of the local platform: started in order, each shown as a step, and stopped."""

import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Final

from local import (
    ahead,
    build,
    containers,
    crypto_demo,
    demo,
    demo_month,
    demo_plan,
    deploy,
    emulator,
    first_operator,
    platform_file,
    ports,
    processes,
    secret_parameters,
    time_machine,
)
from local.chain import Chain
from local.client import Client, Refused
from local.deploy import Stack
from local.docs_site import site
from local.emulator import Emulator
from local.emulator_plugin import moved_clock
from local.logs import LogView
from local.options import DEFAULT_EMULATOR_PORT, Options
from local.paths import LOGS, STATE
from local.platform_file import Running
from local.proxy import Proxy
from local.signed_curl import signed_curl
from local.sources import Stamp, content_hash
from local.steps import Step, step
from local.webhook_receiver import WebhookReceiver

STACK: Final = "paycorex-local"
# Retries of webhooks come after 2, 4 and 8 seconds instead of minutes.
_PARAMETERS: Final = {
    "Stage": "local",
    "RegistrationMode": "open",
    "RegistrationsPerMinute": "1000",
    "RequestsPerSecond": "5000",
    "WebhookBackoffUnitSeconds": "1",
}
_DRAIN_SECONDS: Final = 1.5
_FILL_SECONDS: Final = 150.0
_DEPLOYED: Final = Stamp(STATE / "deployed-from")
# What the platform was filled with, by DEMO=1; gone with its state.
_FILLED: Final = Stamp(STATE / "filled-with")


class NotEmpty(Exception):
    """What fills a platform goes into an empty one; the message says how to begin with one."""


class AlreadyRunning(Exception):
    """There is one of it already; the message says where and how to end it."""


@dataclass(frozen=True, slots=True)
class Platform:
    """The running platform."""

    base_url: str
    emulator: Emulator
    stack: Stack
    merchant: dict[str, str]
    shown: demo.Shown
    offer: crypto_demo.Offer | None
    # Where the first operator adds a passkey; None when one has it.
    invitation: str | None
    logs: LogView
    # How long its start took.
    seconds: float


@contextmanager
def running(options: Options, process_id: int) -> Iterator[Platform]:
    """The platform for the time of the block; nothing of it is left afterwards but its saved state.

    Raises AlreadyRunning, ports.PortTaken, and the failures of the single steps.
    """
    began = time.monotonic()
    with step("checking"):
        _end_leftovers()
        if options.fresh:
            shutil.rmtree(STATE, ignore_errors=True)
        if options.demo and not _is_filled():
            _begin_behind()
        ports.claim(options.port, "PORT")
        emulator_port = _emulator_port(options)
    site.begin()
    # Beside the emulator and the chain: while those start they mostly wait.
    with ThreadPoolExecutor(1) as beside:
        building = beside.submit(_built)
        with step("starting the emulator") as current:
            aws = emulator.launch(STATE, port=emulator_port, persist=True)
            current.note = aws.url
        try:
            platform_file.note_running(Running(process_id, aws.process_id, ready=False))
            clock = time_machine.clock_of(time_machine.asking(aws.url))
            with _chain(clock["now"]) as chain, containers.let_in([aws.url, *([chain.url] if chain else [])]):
                with step("building the functions") as current:
                    current.note = building.result()
                yield from _on_emulator(options, process_id, aws, chain, began)
        finally:
            # Stream records that no function has read yet are not part of the saved state.
            time.sleep(_DRAIN_SECONDS)
            aws.stop()
            platform_file.forget()


def _built() -> str:
    """Build what has changed; what to say of it. Raises build.BuildFailed."""
    began = time.monotonic()
    if not build.build():
        return "nothing changed"
    if build.without_processors() is not None:
        return "without the processors' library: .local/logs/build.log says why"
    return f"{time.monotonic() - began:.1f} s in all, beside what started meanwhile"


@contextmanager
def _chain(now: float) -> Iterator[Chain | None]:
    with ExitStack() as stack:
        with step("starting a test chain") as current:
            chain = stack.enter_context(crypto_demo.chain_running(now))
            current.note = chain.url if chain else "left out: there is no anvil (it comes with npm)"
        yield chain


def _on_emulator(options: Options, process_id: int, aws: Emulator, chain: Chain | None, began: float) -> Iterator[Platform]:
    with step("deploying template.yaml") as current:
        is_by_days = options.demo or _is_filled()
        stack = _deployed(aws, f"http://{ports.HOST}:{options.port}", chain, current, is_by_days=is_by_days)
        ahead.start_functions(aws, stack)
    logs = LogView(aws, stack.outputs["FunctionLogs"], LOGS / "functions.log")
    receiver = WebhookReceiver(logs.came)
    proxy = Proxy(options.port, stack.url, own=receiver.receive, passed=logs.passed)
    # Beside the first requests, which mostly wait for their functions' processes.
    beside = ThreadPoolExecutor(1)
    try:
        inviting = beside.submit(first_operator.link, proxy.url, aws, stack.name)
        with step("registering a merchant"):
            merchant = demo.merchant(proxy.url, receiver)
        with step("paying from a wallet"):
            shown = demo.pay(proxy.url, merchant, receiver)
        if options.demo and not _is_filled():
            with step(f"filling {demo_plan.DAYS} days") as current:
                _fill(proxy.url, aws, chain, merchant, current)
        offer = None
        if chain is not None:
            with step("asking for coins"):
                offer = crypto_demo.offer(proxy.url, merchant, chain)
        _write_files(proxy.url, aws, chain, stack, merchant)
        with step("inviting the first operator") as current:
            invitation = inviting.result()
            current.note = "" if invitation else "there is one"
        platform_file.note_running(Running(process_id, aws.process_id, ready=True))
        yield Platform(proxy.url, aws, stack, merchant, shown, offer, invitation, logs, time.monotonic() - began)
    finally:
        beside.shutdown()
        proxy.stop()
        logs.stop()


def _is_filled() -> bool:
    return bool(_FILLED.read())


def _begin_behind() -> None:
    """The clock of a platform that is to be filled begins thirty days ago."""
    if (STATE / "state").exists():
        raise NotEmpty("There is state of earlier starts, and DEMO=1 fills an empty platform: make run DEMO=1 FRESH=1")
    moved_clock.write(STATE / moved_clock.FILE, -demo_month.starts_behind_seconds())


def _fill(base_url: str, aws: Emulator, chain: Chain | None, merchant: dict[str, str], current: Step) -> None:
    def shown(note: str) -> None:
        current.note = note

    ask, client = time_machine.asking(aws.url), Client(base_url, merchant["api_key"], merchant["secret"], timeout_seconds=_FILL_SECONDS)
    try:
        filled = demo_month.fill(client, ask, demo_plan.acts(), shown=shown, chain_url=chain.url if chain else None)
    except (Refused, time_machine.NoPlatform, OSError, LookupError) as error:
        raise demo.DemoFailed(f"{current.note}: {error}") from error
    current.note = f"{len(filled.payments)} payments, {filled.refused} refused"
    _FILLED.write(f"{demo_plan.SEED}")


def _end_leftovers() -> None:
    known = platform_file.find_running()
    if known is None:
        return
    if processes.is_platform(known.process_id):
        where = (platform_file.read(platform_file.PLATFORM) or {}).get("base_url", "its start")
        raise AlreadyRunning(f"The platform runs already (process {known.process_id}, at {where}). To end it: make stop")
    # Its process was killed before it could end its emulator.
    if processes.is_emulator(known.emulator_process_id):
        processes.end_gently(known.emulator_process_id, patience_seconds=emulator.STOP_SECONDS)
    platform_file.forget()


def _emulator_port(options: Options) -> int:
    if options.emulator_port is None and ports.is_free(DEFAULT_EMULATOR_PORT):
        return DEFAULT_EMULATOR_PORT
    return ports.claim(options.emulator_port, "EMULATOR_PORT")


def _deployed(aws: Emulator, public_url: str, chain: Chain | None, current: Step, *, is_by_days: bool) -> Stack:
    parameters = {
        **_PARAMETERS,
        "WholeSandboxDays": str(is_by_days).lower(),
        "PublicBaseUrl": public_url,
        **({"WatchEthereum": "true"} if chain else {}),
    }
    if chain:
        secret_parameters.write_nodes(aws, STACK, "ethereum", chain.url)
    wanted = content_hash([], build.built_from(), *sorted(f"{name}={value}" for name, value in parameters.items()))
    found = deploy.find(aws, STACK)
    if found is not None and _DEPLOYED.says(wanted):
        current.note = "nothing changed"
        return found
    stack = deploy.deploy(aws, STACK, parameters)
    _DEPLOYED.write(wanted)
    return stack


def _write_files(base_url: str, aws: Emulator, chain: Chain | None, stack: Stack, merchant: dict[str, str]) -> None:
    chain_url = chain.url if chain else None
    platform_file.write_platform(base_url=base_url, emulator_url=aws.url, chain_url=chain_url, stack=stack.name, demo=merchant)
    platform_file.write_private(platform_file.SAM_ENVIRONMENT, sam_environment(aws, stack))
    access = platform_file.shell_access(base_url, merchant["api_key"], merchant["secret"])
    platform_file.write_private_text(platform_file.ACCESS, access)
    platform_file.write_private_text(platform_file.TRY, signed_curl(base_url, merchant["api_key"], merchant["secret"]))


def sam_environment(aws: Emulator, stack: Stack) -> dict[str, dict[str, Any]]:
    """Each function's environment as it is deployed, for `sam local --env-vars`, and where its AWS is, seen from a container."""
    cloudformation, functions = aws.client("cloudformation"), aws.client("lambda")
    found = {}
    for resource in cloudformation.describe_stack_resources(StackName=stack.name)["StackResources"]:
        if resource["ResourceType"] == "AWS::Lambda::Function":
            configuration = functions.get_function_configuration(FunctionName=resource["PhysicalResourceId"])
            variables = configuration.get("Environment", {}).get("Variables", {})
            secrets = {"PARAMETER_PREFIX": secret_parameters.prefix(stack.name) + secret_parameters.IN_CONTAINERS}
            own = {**variables, "AWS_ENDPOINT_URL": aws.url, **(secrets if "PARAMETER_PREFIX" in variables else {})}
            found[resource["LogicalResourceId"]] = containers.seen_from_inside(own)
    return found
