"""Processes of functions that are started before the first request needs them: those that the first payment goes through."""

from collections.abc import Iterator
from typing import Any, Final

from local.deploy import Stack
from local.emulator import Emulator

# In the order in which the start needs them.
_FIRST: Final = (
    "AuthorizerFunction",
    "MerchantsFunction",
    "WebhooksFunction",
    "WalletFunction",
    "PaymentsFunction",
    "WebhookDispatcherFunction",
    "WebhookSenderFunction",
)


def start_functions(aws: Emulator, stack: Stack) -> None:
    """Ask for provisioned concurrency: the emulator's plug-in starts a process for it, beside whatever else goes on."""
    client = aws.client("lambda")
    for name in _names(aws, stack):
        aliases = [alias["Name"] for alias in client.list_aliases(FunctionName=name)["Aliases"]]
        # AWS takes no provisioned concurrency for a function without a version, the emulator does.
        qualifier = aliases[0] if aliases else "$LATEST"
        client.put_provisioned_concurrency_config(FunctionName=name, Qualifier=qualifier, ProvisionedConcurrentExecutions=1)


def _names(aws: Emulator, stack: Stack) -> Iterator[str]:
    resources: Any = aws.client("cloudformation").describe_stack_resources(StackName=stack.name)["StackResources"]
    physical = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}
    return (physical[name] for name in _FIRST)
