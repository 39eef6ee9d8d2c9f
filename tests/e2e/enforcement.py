"""The built template as the emulator can enforce its roles.

Three things differ from the template, because the emulator cannot do them: it knows no KMS encryption context as a condition key, takes a
session's ARN for its role's, and asks for `sqs:SendMessageBatch`, which AWS has not: there it is `sqs:SendMessage`.
"""

from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # one loader of the tests is not worth another package of stubs

from local import build
from local.paths import BUILT_TEMPLATE

_UNKNOWN_KEYS = ("kms:EncryptionContext:purpose", "aws:PrincipalArn")


def _adapt(node: Any) -> None:
    if isinstance(node, list):
        for element in node:
            _adapt(element)
    if not isinstance(node, dict):
        return
    if "sqs:SendMessage" in (node.get("Action") or ()):
        node["Action"] = [*node["Action"], "sqs:SendMessageBatch"]
    if isinstance(node.get("Condition"), dict):
        known = {
            operator: {key: value for key, value in keys.items() if key not in _UNKNOWN_KEYS}
            for operator, keys in node["Condition"].items()
            if isinstance(keys, dict)
        }
        node["Condition"] = {operator: keys for operator, keys in known.items() if keys}
    for element in node.values():
        _adapt(element)


def enforceable_template() -> Path:
    """Build the template and write it as it can be enforced, beside the built one, whose paths are relative. Returns the file."""
    build.build()
    adapted: Any = yaml.safe_load(BUILT_TEMPLATE.read_text())
    _adapt(adapted["Resources"])
    path: Path = BUILT_TEMPLATE.with_name("template-enforced.yaml")
    path.write_text(yaml.safe_dump(adapted, sort_keys=False))
    return path
