"""What hand-written fakes of AWS clients share: calls by method or API name, parameter checks, errors, a call count."""

import threading
from collections import Counter
from types import SimpleNamespace
from typing import Any, ClassVar

from botocore import xform_name

from tests.fakes.aws_errors import check_parameters, client_error, client_exceptions, operation_names

type Request = dict[str, Any]
type Response = dict[str, Any]


class RefusalError(Exception):
    """An error answer of the service: `code` becomes the modelled ClientError."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class MemoryClient:
    """A subclass names its `service` and has a method `_<operation>` (request -> response members) per operation.

    Callers see botocore's interface: `client.send_message(...)`, `_make_api_call`, `exceptions`, `meta.region_name`.
    `calls` counts operations by API name. One lock serialises calls.
    """

    service: ClassVar[str]

    def __init__(self, region: str) -> None:
        self.meta = SimpleNamespace(region_name=region, endpoint_url=f"memory://{self.service}", partition="aws")
        self.calls: Counter[str] = Counter()
        self._lock = threading.RLock()

    def __getstate__(self) -> dict[str, Any]:
        """What is in it, for a copy by pickle: a lock is of one process and object."""
        return {name: value for name, value in vars(self).items() if name != "_lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _lock=threading.RLock())

    @property
    def exceptions(self) -> Any:
        return client_exceptions(self.service)

    def __getattr__(self, name: str) -> Any:
        operation = operation_names(self.service).get(name)
        if operation is None:
            raise AttributeError(f"{type(self).__name__} has no {name}")
        return lambda **request: self._make_api_call(operation, request)

    def _make_api_call(self, operation_name: str, api_params: Request) -> Response:
        """Raises ClientError, ParamValidationError, and NotImplementedError for operations the fake does not have."""
        check_parameters(self.service, operation_name, api_params)
        handler = getattr(type(self), f"_{xform_name(operation_name)}", None)
        if handler is None:
            raise NotImplementedError(f"{type(self).__name__} has no {operation_name}")
        with self._lock:
            self.calls[operation_name] += 1
            try:
                response: Response = handler(self, api_params)
            except RefusalError as refused:
                raise client_error(self.service, operation_name, refused.code, refused.message) from None
        metadata = {"RequestId": "memory", "HTTPStatusCode": 200, "HTTPHeaders": {}, "RetryAttempts": 0}
        return {**response, "ResponseMetadata": metadata}
