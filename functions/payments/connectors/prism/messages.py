"""Our requests as the library's messages."""

from payments.connectors.prism.charge_messages import ChargeMessages
from payments.connectors.prism.later_messages import LaterMessages


class Messages(ChargeMessages, LaterMessages):
    """Makes messages of the library for a processor."""

    __slots__ = ()
