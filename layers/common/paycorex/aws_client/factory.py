"""Makes a client from the environment."""

import ssl
from collections.abc import Mapping

from paycorex.aws_client.client import LeanClient
from paycorex.aws_client.connection import Pool
from paycorex.aws_client.credentials import Provider
from paycorex.aws_client.endpoints import endpoint_of
from paycorex.aws_client.limits import Limits
from paycorex.aws_client.retries import Retries
from paycorex.aws_client.services import SERVICES
from paycorex.aws_client.sources import source_of
from paycorex.aws_client.trust import Trust, trust_of


def create(service: str, limits: Limits, environment: Mapping[str, str], *, context: ssl.SSLContext | None = None) -> LeanClient:
    """A client of `dynamodb`, `kms`, `sqs` or `ssm`.

    `context` replaces the TLS settings, whose authorities are AWS_CA_BUNDLE's, or AWS's and the system's. Raises NoRegionError without a
    region, ValueError for an endpoint that cannot be one. Credentials are looked up by the first call.
    """
    found = SERVICES[service]
    endpoint = endpoint_of(service, environment)
    trust = None
    if endpoint.secure:
        trust = trust_of(environment.get("AWS_CA_BUNDLE") or None) if context is None else Trust(context)
    budget = limits.sends * (limits.connect_seconds + limits.answer_seconds)
    return LeanClient(
        found,
        endpoint,
        pool=Pool(endpoint, limits, trust),
        credentials=Provider(source_of(environment)),
        retries=Retries(limits.sends, found.backoff_seconds, budget),
        environment=environment,
    )
