"""A small AWS client: DynamoDB, KMS, SQS and Parameter Store by their JSON protocols over keep-alive connections.

It takes and gives what botocore's low-level clients take and give, and raises botocore's exceptions, at a tenth of their CPU. It has only
the operations that functions use (`services`), and reads what Lambda and containers set in the environment: no profiles, no proxies.
"""

from paycorex.aws_client.client import LeanClient
from paycorex.aws_client.factory import create
from paycorex.aws_client.limits import Limits
from paycorex.aws_client.services import SERVICES

__all__ = ["SERVICES", "LeanClient", "Limits", "create"]
