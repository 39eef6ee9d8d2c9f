"""The emulator's HTTP server: uvicorn, whose parser and event loop are compiled, in place of one that is all Python.

Half of the emulator's time was its server's: a function asks AWS tens of times in an invocation, and each is a request.
"""

import asyncio
from typing import Any, Final

import uvicorn
import uvloop

# As the emulator asks of its own server: longer than an AWS client keeps an idle connection.
_KEEP_ALIVE_SECONDS: Final = 75
# Requests under way that the end of the emulator waits for.
_GRACE_SECONDS: Final = 5


def install(hypercorn_server: Any) -> None:
    """hypercorn_server: the module that the emulator's main takes `serve` from."""
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    hypercorn_server.serve = _serve


async def _serve(app: Any, config: Any) -> None:
    """Serve the emulator's app until a signal asks to end. config: of its own server."""
    host, _, port = config.bind[0].rpartition(":")
    settings = uvicorn.Config(
        app,
        host=host,
        port=int(port),
        http="httptools",
        ws="none",
        lifespan="on",
        log_level=str(config.loglevel).lower(),
        access_log=False,
        # The emulator's answers have a date of their own, and AWS's have no such server's name.
        date_header=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    await uvicorn.Server(settings).serve()
