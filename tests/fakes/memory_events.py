"""EventBridge in memory: buses that are there, and what was put on them."""

from typing import Any

from tests.fakes.memory_client import MemoryClient, Request, Response

MAX_ENTRY_BYTES = 1024 * 1024


class MemoryEvents(MemoryClient):
    """The client's put_events, onto buses that were made by `make_bus`. `throttled`: how many of the next entries are refused."""

    service = "events"

    def __init__(self, *, region: str = "ap-south-1") -> None:
        super().__init__(region)
        self.buses: dict[str, list[dict[str, Any]]] = {}
        self.throttled = 0

    def make_bus(self, arn: str) -> list[dict[str, Any]]:
        """The entries of a new bus, as they come."""
        return self.buses.setdefault(arn, [])

    def _put_events(self, request: Request) -> Response:
        answers = [self._put(entry) for entry in request["Entries"]]
        return {"FailedEntryCount": sum("ErrorCode" in answer for answer in answers), "Entries": answers}

    def _put(self, entry: dict[str, Any]) -> dict[str, Any]:
        if self.throttled:
            self.throttled -= 1
            return {"ErrorCode": "ThrottlingException", "ErrorMessage": "Rate exceeded"}
        bus = self.buses.get(entry["EventBusName"])
        if bus is None:
            return {"ErrorCode": "ResourceNotFoundException", "ErrorMessage": f"Event bus {entry['EventBusName']} does not exist."}
        if len(entry["Detail"].encode()) > MAX_ENTRY_BYTES:
            return {"ErrorCode": "ValidationException", "ErrorMessage": "Entry size exceeded."}
        bus.append(entry)
        return {"EventId": f"00000000-0000-4000-8000-{len(bus):012d}"}
