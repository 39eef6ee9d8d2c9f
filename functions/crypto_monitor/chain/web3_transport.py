"""The scanner's transport: raw JSON-RPC batches through web3's HTTP provider.

Raw, because web3's result formatters cost 28 ms a block where plain JSON costs half of one; web3's formatters, with the proof-of-authority
middleware where the network needs it, read one header when a node is first met: a node whose headers web3 cannot read serves something
else than its setting says.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import requests
from web3 import HTTPProvider, Web3
from web3.exceptions import Web3Exception
from web3.middleware import ExtraDataToPOAMiddleware
from web3.types import RPCEndpoint

from crypto_monitor.chain.failures import Unreachable, WrongChain
from crypto_monitor.chain.replies import Call, Reply, failure_of
from paycorex.evm.networks import Network

CONNECT_TIMEOUT_SECONDS: Final = 2.0


class Web3Transport:
    """One node, through web3."""

    def __init__(self, url: str) -> None:
        self.calls = 0
        self.posts = 0
        self._session = requests.Session()
        # Neither proxies nor credentials from the environment: the operator's setting is all there is.
        self._session.trust_env = False
        self._kwargs: dict[str, Any] = {"timeout": (CONNECT_TIMEOUT_SECONDS, 10.0), "allow_redirects": False}
        self._provider = HTTPProvider(url, request_kwargs=self._kwargs, session=self._session, exception_retry_configuration=None)

    def post(self, calls: Sequence[Call], timeout_seconds: float) -> list[Reply]:
        """The replies in the order of the calls. Raises Unreachable."""
        self.calls += len(calls)
        self.posts += 1
        self._kwargs["timeout"] = (min(CONNECT_TIMEOUT_SECONDS, timeout_seconds), timeout_seconds)
        try:
            replies: Any = self._provider.make_batch_request([(RPCEndpoint(method), params) for method, params in calls])
        except (requests.RequestException, Web3Exception, ValueError, TypeError, KeyError) as error:
            raise Unreachable(type(error).__name__) from None
        if isinstance(replies, Mapping):
            raise failure_of(replies.get("error"))
        if not isinstance(replies, list) or len(replies) != len(calls):
            raise Unreachable("a reply of a batch is missing")
        return replies

    def read_header(self, network: Network) -> None:
        """Read the newest header with web3's formatters. Raises Unreachable or WrongChain."""
        web3 = Web3(self._provider)
        if network.proof_of_authority:
            web3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)
        self.calls += 1
        self.posts += 1
        try:
            header = web3.eth.get_block("latest")
        except (requests.RequestException, Web3Exception, ValueError, TypeError, KeyError) as error:
            if isinstance(error, requests.RequestException):
                raise Unreachable(type(error).__name__) from None
            raise WrongChain(f"its headers are not those of {network.name}: {type(error).__name__}") from None
        if "number" not in header:
            raise Unreachable("a header without a number")
