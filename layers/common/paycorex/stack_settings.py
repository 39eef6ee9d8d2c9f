"""The settings of a deployed stack, read from its outputs: what operators' commands use instead of a Lambda's environment."""

from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from paycorex import aws
from paycorex.settings import Settings

# Fields of Settings by the template's outputs.
OUTPUTS: Final = {
    "Stage": "stage",
    "TablePrefix": "table_prefix",
    "ParameterPrefix": "parameter_prefix",
    "SealingKeyArn": "sealing_key_id",
    "VaultKeyArn": "vault_key_id",
    "ProofKeyArn": "proof_key_id",
    "WebhookQueueUrl": "webhook_queue_url",
    "WebhookSlowQueueUrl": "webhook_slow_queue_url",
    "WebhookExhaustedQueueUrl": "webhook_exhausted_queue_url",
    "WebhookDeadLetterQueueUrl": "webhook_dead_letter_queue_url",
    "LostRecordsQueueUrl": "lost_records_queue_url",
}


class NoStack(Exception):
    """There is no such stack, or it cannot be read. The message says what AWS answered."""


def outputs(stack: str) -> dict[str, str]:
    """The outputs of a stack, by name. Raises NoStack."""
    try:
        described = aws.for_operators("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    except (ClientError, BotoCoreError) as error:
        raise NoStack(f"The stack {stack} cannot be read: {error}") from error
    return {str(one["OutputKey"]): str(one["OutputValue"]) for one in described.get("Outputs", [])}


def of(stack: str) -> Settings:
    """The settings of a stack. Raises NoStack."""
    found = outputs(stack)
    missing = sorted(set(OUTPUTS) - set(found))
    if missing:
        raise NoStack(f"The stack {stack} has no output {missing[0]}: it is none of this version.")
    return Settings.parse({field: found[name] for name, field in OUTPUTS.items()})
