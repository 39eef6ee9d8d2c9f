"""What CodeDeploy runs before a new version gets traffic: a payment on the new versions, whose failure takes the release back.

The reserved merchant's credentials come from `paycorex admin check-merchant`; without them the check fails, and says so.
"""

from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from operations import release_check, trial_payment
from operations.trial_payment import Credentials, TrialFailed
from paycorex import aws, parameters, redaction, settings
from paycorex.ledger.proof import proof_key

# Within the function's time; a payment's proof is asked for, so it does not wait for the next window.
PROOF_SECONDS: Final = 240.0
_PASSED: Final = "Succeeded"
_FAILED: Final = "Failed"

logger = redaction.logger("release_check")


def handler(event: Mapping[str, Any], _context: Any) -> dict[str, str]:
    """Tell CodeDeploy whether the new versions may have traffic. Raises ClientError, BotoCoreError when CodeDeploy does not answer."""
    status = _FAILED if (reason := _fault()) else _PASSED
    if reason:
        logger.error("release refused", extra={"reason": reason, "deployment": str(event.get("DeploymentId", ""))})
    aws.releases().put_lifecycle_event_hook_execution_status(
        deploymentId=event["DeploymentId"], lifecycleEventHookExecutionId=event["LifecycleEventHookExecutionId"], status=status
    )
    return {"status": status}


def _fault() -> str | None:
    """Why the versions may not have traffic; None when the trial payment was made and is proven."""
    current = settings.current()
    versions = release_check.Versions(
        {
            "authorizer": current.version_authorizer,
            "payments": current.version_payments,
            "wallet": current.version_wallet,
            "dashboard": current.version_dashboard,
        }
    )
    try:
        credentials = Credentials.parse(parameters.read(trial_payment.PARAMETER))
        key = proof_key.pem(proof_key.public_key(current.proof_key_id)).encode()
        trial = trial_payment.run(versions.send, credentials, public_key_pem=key, wait_for_proof_seconds=PROOF_SECONDS)
    except (TrialFailed, ValueError, parameters.ParameterMissing, parameters.ParameterUnavailable, ClientError, BotoCoreError) as reason:
        return str(reason)
    logger.info("release checked", extra={"payment_id": trial.payment_id, "proof_seconds": trial.proof_seconds})
    return None if trial.is_proven else f"the payment {trial.payment_id} was not sealed within {PROOF_SECONDS:.0f} seconds"
