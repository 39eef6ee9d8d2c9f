"""What one SigV4 signature costs: the lean client's signer, AWS's own `aws-sdk-signers` and botocore's, in one run.

`aws-sdk-signers` is no dependency of the project; without it (`pip install aws-sdk-signers`) its row says so.
"""

import importlib
import importlib.util
import time
from collections.abc import Callable

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials

from bench import table
from paycorex.aws_client.credentials import Credentials
from paycorex.aws_client.signature import Signer, amz_date

SIGNATURES = 2000
ROUNDS = 5
HEADERS = ("signer", "microseconds CPU", "times the lean client's")
_SERVICE, _REGION, _BODY = "dynamodb", "ap-south-1", b'{"TableName":"ledgers"}' * 60
_FIXED = {"content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.TransactWriteItems"}
_KEYS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "token" * 100)


def measure() -> list[tuple[str, ...]]:
    """A row a signer."""
    signers: dict[str, Callable[[], object] | None] = {
        "the lean client's": _lean(),
        "aws-sdk-signers": _aws_own(),
        "botocore's": _botocore(),
    }
    best: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, sign in signers.items():
            if sign is not None:
                best[name] = min(best.get(name, 1.0), _seconds(sign))
    first = best["the lean client's"]
    return [
        (name, f"{best[name] * 1e6:.0f}", f"{best[name] / first:.1f}") if name in best else (name, "not installed", "") for name in signers
    ]


def _seconds(sign: Callable[[], object]) -> float:
    started = time.process_time()
    for _ in range(SIGNATURES):
        sign()
    return (time.process_time() - started) / SIGNATURES


def _lean() -> Callable[[], object]:
    signer = Signer(_SERVICE, _REGION)

    def sign() -> object:
        moment = amz_date(time.time())
        headers = {"content-type": _FIXED["content-type"], "host": "dynamodb.ap-south-1.amazonaws.com", "x-amz-date": moment}
        headers |= {"x-amz-security-token": str(_KEYS.token), "x-amz-target": _FIXED["x-amz-target"]}
        return signer.authorization(_KEYS, moment, headers, _BODY)

    return sign


def _botocore() -> Callable[[], object]:
    signer = SigV4Auth(BotocoreCredentials(_KEYS.access_key, _KEYS.secret_key, _KEYS.token), _SERVICE, _REGION)

    def sign() -> object:
        request = AWSRequest("POST", "https://dynamodb.ap-south-1.amazonaws.com/", data=_BODY, headers=_FIXED)
        signer.add_auth(request)
        return request

    return sign


def _aws_own() -> Callable[[], object] | None:
    if importlib.util.find_spec("aws_sdk_signers") is None:
        return None
    signers = importlib.import_module("aws_sdk_signers")
    signer = signers.SigV4Signer()
    identity = signers.AWSCredentialIdentity(
        access_key_id=_KEYS.access_key, secret_access_key=_KEYS.secret_key, session_token=_KEYS.token, expiration=None
    )
    properties = signers.SigV4SigningProperties(region=_REGION, service=_SERVICE)

    def sign() -> object:
        fields = signers.Fields([signers.Field(name=name, values=[value]) for name, value in _FIXED.items()])
        url = signers.URI(scheme="https", host="dynamodb.ap-south-1.amazonaws.com", path="/")
        request = signers.AWSRequest(destination=url, method="POST", body=[_BODY], fields=fields)
        return signer.sign(request=request, identity=identity, properties=properties)

    return sign


if __name__ == "__main__":
    print(table.markdown(HEADERS, measure()))
