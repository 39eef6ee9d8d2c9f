"""A node that lies: a proxy of a real one that changes, refuses or loses its answers."""

import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = Any
# (method, params, result) -> result; raises RpcRefused to answer with an error.
Lie = Callable[[str, list[Any], Json], Json]
# The fault of one HTTP request: None passes it on; "timeout", "429", "garbage", "half".
Fault = Callable[[], str | None]


class RpcRefused(Exception):
    """Answer with this JSON-RPC error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.error = {"code": code, "message": message}


class RpcProxy:
    """A proxy before `target`. `lies` are applied in order to every result; `fault` decides about every HTTP request."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.lies: list[Lie] = []
        self.fault: Fault = lambda: None
        self.posts = 0
        self.calls: list[str] = []
        self.released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    @contextmanager
    def running(self) -> Iterator["RpcProxy"]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.released.set()
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def heal(self) -> None:
        """Tell the truth from now on."""
        self.lies.clear()
        self.fault = lambda: None

    def answer(self, body: bytes) -> bytes:
        """What the real node says, after the lies."""
        asked = json.loads(body)
        request = urllib.request.Request(self.target, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as response:
            replies = json.load(response)
        batch = asked if isinstance(asked, list) else [asked]
        by_id = {reply["id"]: reply for reply in (replies if isinstance(replies, list) else [replies])}
        self.calls += [call["method"] for call in batch]
        answers = [self._reported(call, by_id[call["id"]]) for call in batch]
        return json.dumps(answers if isinstance(asked, list) else answers[0]).encode()

    def _reported(self, call: Json, reply: Json) -> Json:
        if "result" in reply:
            try:
                for lie in self.lies:
                    reply["result"] = lie(call["method"], call["params"], reply["result"])
            except RpcRefused as refused:
                return {"jsonrpc": "2.0", "id": call["id"], "error": refused.error}
        return reply


def _handler(proxy: RpcProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body are two writes: with Nagle's algorithm every answer waits for the acknowledgement of its head.
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            proxy.posts += 1
            match proxy.fault():
                case "timeout":
                    proxy.released.wait(10)
                    self.close_connection = True
                case "429":
                    self._send(429, b'{"error":"slow down"}')
                case "garbage":
                    self._send(200, b"<html>maintenance</html>")
                case "half":
                    content = proxy.answer(body)
                    self._send(200, content[: len(content) // 2])
                case _:
                    self._send(200, proxy.answer(body))

        def _send(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    return Handler


def null_blocks(method: str, params: list[Any], result: Json) -> Json:
    """No full block is ever there."""
    return None if method == "eth_getBlockByNumber" and params[1] is True else result


def finalized_at(number: str | None) -> Lie:
    """The finalized block stays this one, or there is none."""

    def lie(method: str, params: list[Any], result: Json) -> Json:
        if method == "eth_getBlockByNumber" and params[0] == "finalized":
            return number and {**result, "number": number}
        return result

    return lie


def no_full_blocks(text: str) -> Lie:
    """Asked for a block with its transactions, it answers with an error of this text."""

    def lie(method: str, params: list[Any], result: Json) -> Json:
        if method == "eth_getBlockByNumber" and params[1] is True:
            raise RpcRefused(-32003, text)
        return result

    return lie


def without_transaction(tx_hash: str) -> Lie:
    """The transaction is unknown to it."""
    return lambda method, params, result: None if method.startswith("eth_getTransaction") and params[0] == tx_hash else result


def wrong_chain(method: str, params: list[Any], result: Json) -> Json:
    """It serves another network."""
    return "0x2a" if method == "eth_chainId" else result


def stale_head(number: int) -> Lie:
    """Its newest block is `number`, as if it had stopped importing; what it says of older ones is true."""

    def lie(method: str, params: list[Any], result: Json) -> Json:
        if method == "eth_getBlockByNumber" and result is not None:
            if params[0] == "latest":
                return {**result, "number": hex(number)}
            if params[0].startswith("0x") and int(params[0], 16) > number:
                return None
        return result

    return lie


def lying_hash(method: str, params: list[Any], result: Json) -> Json:
    """Every block by number has another hash than the real one, consistently, parents included."""
    if method == "eth_getBlockByNumber" and result is not None:
        return {**result, "hash": _other(result["hash"]), "parentHash": _other(result["parentHash"])}
    return result


def _other(block_hash: str) -> str:
    return block_hash[:10] + "".join("0" if digit != "0" else "1" for digit in block_hash[10:])


def truncated_logs(keep: int) -> Lie:
    """eth_getLogs over a range silently ends after `keep` logs; by block hash it is whole."""

    def lie(method: str, params: list[Any], result: Json) -> Json:
        if method == "eth_getLogs" and "blockHash" not in params[0]:
            return result[:keep]
        return result

    return lie


def capped_logs(keep: int) -> Lie:
    """eth_getLogs silently ends after `keep` logs, however it is asked."""
    return lambda method, params, result: result[:keep] if method == "eth_getLogs" else result


def empty_logs(method: str, params: list[Any], result: Json) -> Json:
    """eth_getLogs never finds anything, however it is asked."""
    return [] if method == "eth_getLogs" else result


def omitted_transactions(method: str, params: list[Any], result: Json) -> Json:
    """Full blocks lack their last transaction, under the block's true hash."""
    if method == "eth_getBlockByNumber" and result is not None and params[1] is True:
        return {**result, "transactions": result["transactions"][:-1]}
    return result


def range_limit(blocks: int) -> Lie:
    """eth_getLogs over more than this many blocks is refused."""

    def lie(method: str, params: list[Any], result: Json) -> Json:
        if method == "eth_getLogs" and "fromBlock" in params[0]:
            first, last = (int(params[0][name], 16) for name in ("fromBlock", "toBlock"))
            if last - first + 1 > blocks:
                raise RpcRefused(-32005, f"query exceeds max block range {blocks}")
        return result

    return lie


def forged_receipt(method: str, params: list[Any], result: Json) -> Json:
    """Every transaction succeeded, says its receipt."""
    if method == "eth_getTransactionReceipt" and result is not None:
        return {**result, "status": "0x1" if result["status"] == "0x0" else "0x0"}
    return result


def without_state(method: str, params: list[Any], result: Json) -> Json:
    """It knows no state, as of blocks that are pruned."""
    if method == "eth_call":
        raise RpcRefused(-32000, "missing trie node")
    return result


def balances(answer: str) -> Lie:
    """Every balance is this."""
    return lambda method, _params, result: answer if method == "eth_call" else result


def proof_of_authority(method: str, params: list[Any], result: Json) -> Json:
    """Headers carry 97 bytes of extra data, as a proof-of-authority chain's do."""
    if method.startswith("eth_getBlockBy") and result is not None:
        return {**result, "extraData": "0x" + "d8" * 97}
    return result
