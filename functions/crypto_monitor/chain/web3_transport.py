"""The scanner's transport: raw JSON-RPC batches over web3's own HTTP client, requests.

Raw, because web3's result formatters cost 28 ms a block where plain JSON costs half of one; web3's formatters, with the proof-of-authority
middleware where the network needs it, read one header at the first connection: a node whose headers web3 cannot read serves another
chain than the one it is configured for.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

import requests
import urllib3
from web3 import Web3
from web3.exceptions import Web3Exception
from web3.middleware import ExtraDataToPOAMiddleware
from web3.providers.base import JSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse

from crypto_monitor.chain import answers
from crypto_monitor.chain.failures import Unreachable, WrongChain
from crypto_monitor.chain.replies import Call, Reply, batch_of, in_order
from paycorex.evm.networks import Network

CONNECT_TIMEOUT_SECONDS: Final = 2.0
_HEADERS: Final = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}
# What web3 raises for a header that it cannot read.
_UNREADABLE: Final = (Web3Exception, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class Web3Transport:
    """One node. Its URL is an operator's setting and may hold a key, so it is in no message and no repr."""

    def __init__(self, url: str) -> None:
        self.calls = 0
        self.posts = 0
        self._url: Final = url
        self._session = requests.Session()
        # Neither proxies nor credentials from the environment: the operator's setting is all there is.
        self._session.trust_env = False
        self._session.headers.update(_HEADERS)

    def post(self, calls: Sequence[Call], timeout_seconds: float) -> list[Reply]:
        """The replies in the order of the calls. Raises NodeFailure."""
        self.calls += len(calls)
        self.posts += 1
        body = json.dumps(batch_of(calls)).encode()
        limits = (min(CONNECT_TIMEOUT_SECONDS, timeout_seconds), timeout_seconds)
        try:
            with self._session.post(self._url, body, timeout=limits, allow_redirects=False, stream=True) as response:
                return in_order(calls, answers.read(response.raw, response.headers, timeout_seconds))
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise Unreachable(type(error).__name__) from None

    def read_header(self, network: Network, timeout_seconds: float) -> None:
        """Read the newest header with web3's formatters. Raises NodeFailure."""
        web3 = Web3(_Carried(self, timeout_seconds))
        if network.proof_of_authority:
            web3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)
        try:
            header = web3.eth.get_block("latest")
        except _UNREADABLE as error:
            raise WrongChain(f"its headers are not those of {network.name}: {type(error).__name__}") from None
        if "number" not in header:
            raise Unreachable("a header without a number")


class _Carried(JSONBaseProvider):
    """web3's questions, carried by the transport, so that they are bounded as all others are."""

    def __init__(self, transport: Web3Transport, timeout_seconds: float) -> None:
        super().__init__()
        self._transport = transport
        self._seconds = timeout_seconds

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """One call. Raises NodeFailure."""
        reply: Any = self._transport.post([(method, params)], self._seconds)[0]
        answer: RPCResponse = reply
        return answer
