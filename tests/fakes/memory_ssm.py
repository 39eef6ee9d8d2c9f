"""`MemorySsm`: Parameter Store in memory with botocore's interface, for single parameters."""

from datetime import UTC, datetime
from typing import Any

from tests.fakes.memory_client import MemoryClient, RefusalError, Request, Response

_MAX_STANDARD_CHARACTERS = 4_096


class MemorySsm(MemoryClient):
    """The client's get_parameter, put_parameter, delete_parameter, and describe_parameters by exact names.

    A SecureString's value is readable `WithDecryption` only. Raises ClientError with Systems Manager's codes.
    """

    service = "ssm"

    def __init__(self, *, region: str = "ap-south-1") -> None:
        super().__init__(region)
        self._parameters: dict[str, dict[str, Any]] = {}

    def _get_parameter(self, request: Request) -> Response:
        found = self._found(request["Name"])
        if found["Type"] == "SecureString" and not request.get("WithDecryption"):
            return {"Parameter": {**found, "Value": "AQICAHh-encrypted"}}
        return {"Parameter": dict(found)}

    def _put_parameter(self, request: Request) -> Response:
        name, value = request["Name"], request["Value"]
        if len(value) > _MAX_STANDARD_CHARACTERS:
            raise RefusalError("ValidationException", "Standard tier parameters support a maximum parameter value of 4096 characters.")
        before = self._parameters.get(name)
        if before and not request.get("Overwrite"):
            raise RefusalError("ParameterAlreadyExists", "The parameter already exists.")
        version = before["Version"] + 1 if before else 1
        self._parameters[name] = {
            "Name": name,
            "Type": request.get("Type", "String"),
            "Value": value,
            "Version": version,
            "LastModifiedDate": datetime.now(UTC),
        }
        return {"Version": version, "Tier": "Standard"}

    def _delete_parameter(self, request: Request) -> Response:
        del self._parameters[self._found(request["Name"])["Name"]]
        return {}

    def _describe_parameters(self, request: Request) -> Response:
        wanted = {name for one in request.get("ParameterFilters", []) if one["Key"] == "Name" for name in one["Values"]}
        shown = [{key: value for key, value in one.items() if key != "Value"} for one in self._parameters.values() if one["Name"] in wanted]
        return {"Parameters": shown}

    def _found(self, name: str) -> dict[str, Any]:
        found = self._parameters.get(name)
        if found is None:
            raise RefusalError("ParameterNotFound", "")
        return found
