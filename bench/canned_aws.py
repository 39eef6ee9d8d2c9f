"""A DynamoDB on this machine that answers from memory: every operation with a fixed answer, in a process of its own.

    with canned({"Query": b"..."}) as url: ...

As DynamoDB does, it keeps connections open and sends a checksum along.
"""

import contextlib
import socketserver
from collections.abc import Iterator, Mapping
from multiprocessing import get_context
from multiprocessing.connection import Connection
from zlib import crc32


@contextlib.contextmanager
def canned(answers: Mapping[str, bytes]) -> Iterator[str]:
    """The server's address. Operations without an answer get an empty object."""
    context = get_context("spawn")
    ours, its = context.Pipe()
    process = context.Process(target=_serve, args=(dict(answers), its), daemon=True)
    process.start()
    # A child that cannot start ends the pipe then, and is not waited for.
    its.close()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()


def _serve(answers: dict[str, bytes], parent: Connection) -> None:
    wire = {operation.encode(): _wire(body) for operation, body in answers.items()}
    other = _wire(b"{}")

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline():
                length, operation = 0, b""
                while (line := self.rfile.readline().strip()) != b"":
                    name, _, value = line.partition(b":")
                    if name.lower() == b"content-length":
                        length = int(value)
                    elif name.lower() == b"x-amz-target":
                        operation = value.rpartition(b".")[2]
                self.rfile.read(length)
                self.wfile.write(wire.get(operation, other))

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        parent.send(server.server_address[1])
        server.serve_forever()


def _wire(body: bytes) -> bytes:
    head = (
        "HTTP/1.1 200 OK\r\nServer: Server\r\nDate: Tue, 14 Nov 2023 22:13:20 GMT\r\nContent-Type: application/x-amz-json-1.0\r\n"
        f"Content-Length: {len(body)}\r\nConnection: keep-alive\r\nx-amzn-RequestId: {'A' * 52}\r\nx-amz-crc32: {crc32(body)}\r\n\r\n"
    )
    return head.encode() + body
