"""What a connector says whose provider holds no money: everything about holds is refused, and nothing is sent."""

from payments.connectors.requests import CaptureRequest, HoldAbility, IncrementRequest, VoidRequest
from payments.connectors.results import CaptureResult, Declined, Fault, IncrementResult, VoidResult


class NoHolds:
    """To inherit from."""

    holds = HoldAbility()

    def capture(self, _request: CaptureRequest) -> CaptureResult:
        """Nothing is held."""
        return _refused()

    def lookup_capture(self, _request: CaptureRequest) -> CaptureResult:
        """Nothing is held."""
        return _refused()

    def void(self, _request: VoidRequest) -> VoidResult:
        """Nothing is held."""
        return _refused()

    def increment(self, _request: IncrementRequest) -> IncrementResult:
        """Nothing is held."""
        return _refused()


def _refused() -> Declined:
    return Declined("unsupported_method", "This provider holds no money.", fault=Fault.SETUP)
