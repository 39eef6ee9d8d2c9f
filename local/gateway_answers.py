"""The gateway's own answers to refused requests, as resources beside the API: the emulator does not read them from the API itself."""

import copy
from typing import Any, Final

_PREFIX: Final = "ApiAnswer"


def beside_the_api(template: dict[str, Any]) -> dict[str, Any]:
    """A copy of a template, with one `AWS::ApiGateway::GatewayResponse` for each entry of the API's `GatewayResponses`."""
    changed = copy.deepcopy(template)
    answers: dict[str, dict[str, Any]] = changed["Resources"]["Api"]["Properties"]["GatewayResponses"]
    changed["Resources"] |= {_logical_id(kind): _resource(kind, answer) for kind, answer in answers.items()}
    return changed


def _logical_id(kind: str) -> str:
    # The emulator creates in the order of names, and the deployment (`ApiDeployment…`) takes a snapshot: these sort before it.
    return _PREFIX + kind.title().replace("_", "")


def _resource(kind: str, answer: dict[str, Any]) -> dict[str, Any]:
    headers = answer["ResponseParameters"]["Headers"]
    return {
        "Type": "AWS::ApiGateway::GatewayResponse",
        "Properties": {
            "RestApiId": {"Ref": "Api"},
            "ResponseType": kind,
            "StatusCode": str(answer["StatusCode"]),
            "ResponseTemplates": answer["ResponseTemplates"],
            "ResponseParameters": {f"gatewayresponse.header.{name}": value for name, value in headers.items()},
        },
    }
