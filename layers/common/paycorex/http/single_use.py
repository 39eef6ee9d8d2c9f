"""Under v1 a signature is accepted for one mutating request, whatever its outcome.

What a request does is written together with its signature's use (`Claim.rows`). What is refused, and what makes no claim, is noted here
before it is answered, under the signature alone: the key stays free for a retry that is signed anew.
"""

from paycorex import storage
from paycorex.credentials import Caller
from paycorex.errors import Refusal
from paycorex.http.request import Request
from paycorex.http.routes import Route
from paycorex.idempotency import Claim, InProgress, Remembered, SignatureReused, claims, items
from paycorex.idempotency.items import Overtaken


class SignatureUse:
    """The v1 signature of one mutating request."""

    def __init__(self, route: Route, request: Request, caller: Caller) -> None:
        keys = request.headers.get("idempotency-key", ())
        self._route = route
        unsigned = claims.hash_unsigned(request.method, request.path, request.query, "\n".join(keys) if keys else None)
        signature = request.headers["x-signature"][0]
        self._claim = Claim.of(caller.merchant_id, signature=signature, key=None, key_is_signed=False, request_hash=unsigned)

    @property
    def unsigned_hash(self) -> str:
        """What else the signature may not be used for."""
        return self._claim.request_hash

    def note(self, refusal: Refusal) -> None:
        """Note that the request was refused, before it is answered. At most two read units and one write unit.

        Raises SignatureReused when the signature was another request's, storage.Unavailable or storage.OutcomeUnknown when it could not be
        noted, so that the refusal must not be answered as if it had been.
        """
        if isinstance(refusal, SignatureReused):
            return
        if refusal.status == 429 or refusal.status >= 500 or isinstance(refusal, InProgress | Overtaken):
            self.hold()
            return
        if not self._route.self_idempotent:
            if items.is_remembered(refusal):
                return  # under every name, by the door
            # A wallet payment is its signature's use without a row.
            if self._claim.find() is not None:
                return
        self._put(refusal)

    def hold(self) -> None:
        """Keep the signature for this very request, which may be tried anew. What cannot be kept must not hide why it was not answered."""
        try:
            self._put(None)
        except (SignatureReused, storage.Unavailable, storage.OutcomeUnknown):
            return

    def _put(self, refusal: Refusal | None) -> None:
        try:
            storage.run(self._claim.use_row(refusal))
        except storage.ConditionRefused as refused:
            try:
                self._claim.check(items.ClaimItem.load(refused.item))
            except Remembered:
                return  # this very request has an outcome already
