"""How many messages wait in each queue of the stack."""

from operations import store
from operations.views import QueueDepth, Queues


def depths() -> Queues:
    """The depth of each queue. Raises storage.Unavailable."""
    found = {name: store.queue_depth(url) for name, url in store.queue_urls().items()}
    return Queues(data=[QueueDepth(queue=name, waiting=waiting, in_flight=in_flight) for name, (waiting, in_flight) in found.items()])
