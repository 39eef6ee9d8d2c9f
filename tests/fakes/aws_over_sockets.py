"""In-memory AWS behind real sockets: one of the two AWS clients on one side, a `Memory…` service on the other."""

import json
import socket
import socketserver
import threading
from base64 import b64decode
from datetime import datetime
from functools import cache
from typing import Any, Final
from unittest.mock import patch

import botocore.session
from botocore.exceptions import ClientError

from paycorex import aws
from paycorex.aws_client import SERVICES, Limits, create
from paycorex.aws_client.codec import decode, encode

_BLOBS = frozenset({"CiphertextBlob", "Message", "Plaintext"})
_KEYS = {"AWS_REGION": "ap-south-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


class OverSocket:
    """One in-memory service for tests: the operations that functions use are asked over a socket; everything else goes straight to it.

    functions_client: the real client (`kind`: "lean" or "botocore"), for the code under test. memory: the service itself.
    """

    def __init__(self, memory: Any, service: str, kind: str) -> None:
        self.memory = memory
        self._service = SERVICES[service]
        self._server = _Server(memory, service)
        self.functions_client = _CLIENTS[kind](service, self._server.url)
        self._operations = frozenset(self._service.operations.values())

    def __getattr__(self, name: str) -> Any:
        return getattr(self.functions_client if name in self._service.operations else self.memory, name)

    def _make_api_call(self, operation_name: str, api_params: dict[str, Any]) -> Any:
        over = self.functions_client if operation_name in self._operations else self.memory
        return over._make_api_call(operation_name, api_params)

    @property
    def connections(self) -> int:
        """How many the functions' client has opened so far."""
        return self._server.connections

    def hang_up(self) -> None:
        """Leave the open connections; the next request opens one."""
        self.functions_client.close()

    def close(self) -> None:
        self.hang_up()
        self._server.close()


def _lean(service: str, url: str) -> Any:
    return create(service, Limits(10, 60, 60), {**_KEYS, "AWS_ENDPOINT_URL": url})


@cache
def _session() -> botocore.session.Session:
    return botocore.session.Session()


def _botocore(service: str, url: str) -> Any:
    """A client of its own, by a session that keeps the services' models: to read them takes longer than most tests."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    with patch("botocore.session.get_session", _session):
        return aws._create_botocore(service, endpoint_url=url, region_name=_KEYS["AWS_REGION"], **keys)


_CLIENTS: Final = {"lean": _lean, "botocore": _botocore}


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, memory: Any, service: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.memory = memory
        self.service = service
        self.connections = 0
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def _serve(self) -> None:
        while not self._closing.is_set():
            self.handle_request()

    def close(self) -> None:
        """Stop at once: a last connection wakes the thread, which `serve_forever` would do by the clock."""
        self._closing.set()
        socket.create_connection(("127.0.0.1", self.server_address[1])).close()
        self._thread.join()
        self.server_close()


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.server.connections += 1
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while self.rfile.readline():
            headers: dict[str, str] = {}
            while line := self.rfile.readline().decode().strip():
                name, _, value = line.partition(":")
                headers[name.lower()] = value.strip()
            body = self.rfile.read(int(headers["content-length"]))
            status, answer, more = _answered(self.server, headers["x-amz-target"].partition(".")[2], body)
            lines = "".join(f"{name}: {value}\r\n" for name, value in more.items())
            self.wfile.write(f"HTTP/1.1 {status} Memory\r\n{lines}Content-Length: {len(answer)}\r\n\r\n".encode() + answer)


def _answered(server: _Server, operation: str, body: bytes) -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers of the answer to one request."""
    request = decode(SERVICES["dynamodb"], body) if server.service == "dynamodb" else json.loads(body)
    if server.service == "kms":
        request |= {name: b64decode(request[name]) for name in _BLOBS & request.keys()}
    try:
        answer = server.memory._make_api_call(operation, request)
    except ClientError as error:
        return _refused(error)
    return 200, encode({name: _timed(value) for name, value in answer.items() if name != "ResponseMetadata"}), {}


def _timed(value: Any) -> Any:
    """Moments are seconds on the wire."""
    if isinstance(value, dict):
        return {name: _timed(one) for name, one in value.items()}
    return value.timestamp() if isinstance(value, datetime) else value


def _refused(error: ClientError) -> tuple[int, bytes, dict[str, str]]:
    response: Any = error.response
    code = response["Error"]["Code"]
    modelled = response["Error"].get("QueryErrorCode", code)
    members = {name: value for name, value in response.items() if name not in {"Error", "ResponseMetadata"}}
    headers = {} if modelled == code else {"x-amzn-query-error": f"{code};Sender"}
    answer = encode({**members, "__type": f"com.amazonaws#{modelled}", "message": response["Error"]["Message"]})
    return response["ResponseMetadata"]["HTTPStatusCode"], answer, headers
