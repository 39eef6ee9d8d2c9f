"""Ports: which are free, who holds one that is not, and what to say then."""

import socket
from dataclasses import dataclass

import psutil  # type: ignore[import-untyped]  # it has no stubs

HOST = "127.0.0.1"


class PortTaken(Exception):
    """A port that was asked for is in use. The message says by whom, if that can be known, and what to do."""

    def __init__(self, port: int, setting: str) -> None:
        holder = holder_of(port)
        by = f" by {holder}" if holder else ""
        super().__init__(f"Port {port} is taken{by}. Choose another: make run {setting}={free_port()}")
        self.port = port


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that listens on a port."""

    process_id: int
    command: str

    def __str__(self) -> str:
        """For messages."""
        return f"process {self.process_id} ({self.command})"


def free_port() -> int:
    """A port that is free at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """True when the port can be bound. Connections of an ended server that still linger do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def claim(port: int | None, setting: str) -> int:
    """The port that was asked for, or any free one when none was. Raises PortTaken; `setting` names what chooses another."""
    if port is None:
        return free_port()
    if not is_free(port):
        raise PortTaken(port, setting)
    return port


def holder_of(port: int) -> Holder | None:
    """The process that listens on a port; None when there is none or the system does not report it."""
    try:
        connections = psutil.net_connections("tcp")
    except psutil.AccessDenied:
        return None
    for connection in connections:
        listens = connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port
        if listens and connection.pid is not None:
            return _describe(connection.pid)
    return None


def _describe(process_id: int) -> Holder | None:
    try:
        command = " ".join(psutil.Process(process_id).cmdline()[:4])
    except psutil.Error:
        return None
    return Holder(process_id, command or "unknown")
