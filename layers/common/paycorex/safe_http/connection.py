"""Opens the connection to a checked address and makes the receiver prove its name. Nothing of the request is sent here."""

import socket
import ssl
from typing import Final

from paycorex.safe_http.deadline import Deadline
from paycorex.safe_http.errors import ConnectFailed, ConnectTimedOut, TlsFailed
from paycorex.safe_http.policy import Policy
from paycorex.safe_http.targets import Target

_MAX_ADDRESSES_TRIED: Final = 4


def connect(target: Target, addresses: tuple[str, ...], policy: Policy, deadline: Deadline) -> tuple[socket.socket, str]:
    """A socket ready for the request, and the address it leads to. Raises ConnectFailed, ConnectTimedOut, TlsFailed."""
    try:
        raw, address = _dial_first(target, addresses[:_MAX_ADDRESSES_TRIED], policy, deadline)
    except TimeoutError as error:
        raise ConnectTimedOut("no connection in time") from error
    except OSError as error:
        raise ConnectFailed(f"no connection ({type(error).__name__})") from error
    if target.scheme == "http":
        return raw, address
    try:
        return _secure(raw, target, policy, deadline), address
    except BaseException:
        raw.close()
        raise


def _dial_first(target: Target, addresses: tuple[str, ...], policy: Policy, deadline: Deadline) -> tuple[socket.socket, str]:
    """The first address that accepts. Each gets its share of the time, so that a dead one leaves some for the next."""
    failure: OSError | None = None
    for index, address in enumerate(addresses):
        share = deadline.remaining_seconds() / (len(addresses) - index)
        try:
            return policy.dialer(address, target.port, share), address
        except OSError as error:
            failure = error
    raise failure or ConnectionError


def _secure(raw: socket.socket, target: Target, policy: Policy, deadline: Deadline) -> ssl.SSLSocket:
    context = policy.ssl_context()
    if context.verify_mode != ssl.CERT_REQUIRED or not context.check_hostname or context.minimum_version < ssl.TLSVersion.TLSv1_2:
        msg = "a TLS context that does not verify is never used"
        raise ValueError(msg)
    try:
        raw.settimeout(deadline.remaining_seconds())
        return context.wrap_socket(raw, server_hostname=target.host)
    except TimeoutError as error:
        raise ConnectTimedOut("no TLS handshake in time") from error
    except ssl.SSLCertVerificationError as error:
        raise TlsFailed(f"the certificate is not valid for this host: {error.verify_message}") from error
    except ssl.SSLError as error:
        raise TlsFailed(f"no TLS connection ({error.reason or type(error).__name__})") from error
    except OSError as error:
        raise ConnectFailed(f"the connection ended during the handshake ({type(error).__name__})") from error
