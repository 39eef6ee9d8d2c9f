"""A queue's mapping whose bound comes from a parameter.

CloudFormation's numbers are text in the emulator. It then compares text with a number, and no function's queue is read any more.
"""

from typing import Any


def install(service: Any) -> None:
    """service: the emulator's module `lambda_svc`."""
    concurrency = service._sqs_esm_concurrency

    def sqs_concurrency(mapping: dict[str, Any], *rest: Any) -> Any:
        scaling = mapping.get("ScalingConfig") or {}
        numbers = {name: int(value) for name, value in scaling.items()}
        return concurrency({**mapping, "ScalingConfig": numbers}, *rest)

    service._sqs_esm_concurrency = sqs_concurrency
