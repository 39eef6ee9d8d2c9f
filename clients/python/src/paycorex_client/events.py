"""An event, as a webhook brings it and as the list of events has it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import SerializeAsAny, ValidationError, ValidationInfo, field_validator

from paycorex_client.answers import Answered
from paycorex_client.event_objects import OBJECTS


class Event(Answered):
    """Something that happened to one object. data: the object as it stood then, of a class of `models`, or a dictionary of an unknown kind.

    id: the same in every delivery of the event, so remember it and skip what was seen. sequence: counts the events of one object from 1;
    previous_event_id names the one before. mode: `live` or `test`; None of a platform that is older than modes.
    """

    id: str
    event: str
    created_at: datetime
    sequence: int
    previous_event_id: str | None
    mode: str | None = None
    data: SerializeAsAny[Answered] | Mapping[str, Any]

    @field_validator("data", mode="plain")
    @classmethod
    def _object(cls, data: Any, info: ValidationInfo) -> Any:
        kind = OBJECTS.get(info.data.get("event", ""))
        if kind is None or not isinstance(data, Mapping):
            return data
        try:
            return kind.model_validate(data)
        except ValidationError:
            # An object of a server that this version does not know: the event is genuine all the same.
            return data
