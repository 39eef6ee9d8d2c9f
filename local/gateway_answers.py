"""What the emulator's gateway reads otherwise than AWS's: its own answers, as resources beside the API and not in it, and
a route for every method, as one for each (it imports the methods of OpenAPI alone)."""

import copy
from typing import Any, Final

_PREFIX: Final = "ApiAnswer"
_ANY: Final = "x-amazon-apigateway-any-method"
_METHODS: Final = ("get", "post", "put", "delete", "patch", "head", "options")


def beside_the_api(template: dict[str, Any]) -> dict[str, Any]:
    """A copy of a template, with one `AWS::ApiGateway::GatewayResponse` for each entry of the API's `GatewayResponses`, and each method."""
    changed = copy.deepcopy(template)
    answers: dict[str, dict[str, Any]] = changed["Resources"]["Api"]["Properties"]["GatewayResponses"]
    changed["Resources"] |= {_logical_id(kind): _resource(kind, answer) for kind, answer in answers.items()}
    paths = changed["Resources"]["Api"]["Properties"]["DefinitionBody"]["paths"]
    for methods in paths.values():
        if _ANY in methods:
            every = methods.pop(_ANY)
            methods |= {method: every for method in _METHODS if method not in methods}
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
