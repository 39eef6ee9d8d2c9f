"""The emulator answers as AWS's endpoints do with the plug-in's server, and stops with its state saved."""

import http.client
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from local import ports
from local.emulator import Emulator, launch, start_emulator

BODY = b"x" * 3_000_000


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with start_emulator() as running:
        running.client("s3").create_bucket(Bucket="shelf", CreateBucketConfiguration={"LocationConstraint": running.region})
        yield running


def address(emulator: Emulator) -> tuple[str, int]:
    parts = urlsplit(emulator.url)
    return parts.hostname or "", parts.port or 0


def raw(emulator: Emulator, request: bytes) -> bytes:
    """All that comes back until the server closes."""
    with socket.create_connection(address(emulator), timeout=20) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_an_answer_has_one_date_and_names_no_server(emulator: Emulator) -> None:
    answer = raw(emulator, b"GET /_ministack/health HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
    head = answer.partition(b"\r\n\r\n")[0].lower()
    assert head.startswith(b"http/1.1 200 ok\r\n")
    assert head.count(b"\r\ndate:") == 1
    assert b"\r\nserver:" not in head


def test_one_connection_takes_many_requests(emulator: Emulator) -> None:
    connection = http.client.HTTPConnection(*address(emulator), timeout=20)
    connection.connect()
    own = connection.sock
    for _each in range(5):
        connection.request("GET", "/_ministack/health")
        assert connection.getresponse().read()
    assert connection.sock is own
    connection.close()


def test_a_large_object_is_put_read_and_asked_for_by_its_head(emulator: Emulator) -> None:
    s3 = emulator.client("s3")
    s3.put_object(Bucket="shelf", Key="a name/with spaces & पत्र", Body=BODY)
    assert s3.head_object(Bucket="shelf", Key="a name/with spaces & पत्र")["ContentLength"] == len(BODY)
    assert s3.get_object(Bucket="shelf", Key="a name/with spaces & पत्र")["Body"].read() == BODY


def test_who_waits_to_be_asked_for_the_body_is_asked(emulator: Emulator) -> None:
    request = b"PUT /shelf/waits HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    with socket.create_connection(address(emulator), timeout=20) as connection:
        connection.sendall(request)
        assert connection.recv(65536).startswith(b"HTTP/1.1 100 Continue\r\n")
        connection.sendall(b"here")
        assert b"HTTP/1.1 200 OK" in b"".join(iter(lambda: connection.recv(65536), b""))


def test_a_body_in_chunks_is_read(emulator: Emulator) -> None:
    head = b"PUT /shelf/chunks HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    assert raw(emulator, head + b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n").startswith(b"HTTP/1.1 200 OK")
    assert emulator.client("s3").get_object(Bucket="shelf", Key="chunks")["Body"].read() == b"onetwo"


def test_what_is_no_request_is_refused_and_the_others_go_on(emulator: Emulator) -> None:
    assert raw(emulator, b"no request\r\n\r\n").startswith(b"HTTP/1.1 400")
    assert emulator.client("s3").list_buckets()["Buckets"]


def test_its_state_is_there_after_it_was_ended(tmp_path: Path) -> None:
    for wanted in ([], ["kept"]):
        running = launch(tmp_path, port=ports.free_port(), persist=True)
        try:
            sqs = running.client("sqs")
            assert [url.rpartition("/")[2] for url in sqs.list_queues().get("QueueUrls", [])] == wanted
            sqs.create_queue(QueueName="kept")
        finally:
            running.stop()
        assert running.process is not None
        assert running.process.returncode == 0
