"""The parts of the local platform that need no emulator."""

import os
import socket
from pathlib import Path

import pytest

from local import ports
from local.sources import Stamp, content_hash


def listener() -> socket.socket:
    server = socket.socket()
    server.bind((ports.HOST, 0))
    server.listen()
    return server


@pytest.mark.usefixtures("socket_enabled")
def test_a_taken_port_is_refused_with_its_holder_and_a_way_out() -> None:
    with listener() as server:
        port = server.getsockname()[1]
        assert not ports.is_free(port)
        with pytest.raises(ports.PortTaken) as refused:
            ports.claim(port, "EMULATOR_PORT")
    message = str(refused.value)
    assert f"Port {port} is taken by process {os.getpid()}" in message
    assert "make run EMULATOR_PORT=" in message


@pytest.mark.usefixtures("socket_enabled")
def test_a_free_port_is_claimed_as_asked() -> None:
    port = ports.free_port()
    assert ports.claim(port, "PORT") == port
    assert ports.is_free(ports.claim(None, "PORT"))


def test_a_hash_follows_names_and_contents_but_not_dates_or_caches(tmp_path: Path) -> None:
    file = tmp_path / "room" / "door.py"
    file.parent.mkdir()
    file.write_text("one")
    before = content_hash([tmp_path / "room"], "x86_64")

    os.utime(file, (0, 0))
    (tmp_path / "room" / "__pycache__").mkdir()
    (tmp_path / "room" / "__pycache__" / "door.pyc").write_text("compiled")
    assert content_hash([tmp_path / "room"], "x86_64") == before
    assert content_hash([tmp_path / "room"], "arm64") != before

    file.rename(file.with_name("exit.py"))
    renamed = content_hash([tmp_path / "room"], "x86_64")
    assert renamed != before
    file.with_name("exit.py").write_text("two")
    assert content_hash([tmp_path / "room"], "x86_64") not in {before, renamed}


def test_a_stamp_remembers_what_it_was_made_from(tmp_path: Path) -> None:
    stamp = Stamp(tmp_path / "deep" / "stamp")
    assert not stamp.says("one")
    stamp.write("one")
    assert stamp.says("one")
    assert not stamp.says("two")
