"""Which authorities an AWS server's certificate is verified against.

AWS's certificates come from five authorities (authorities.pem). To read the system's list of some 140 takes a sixth of a cold start, so it
is read only where those five do not know the issuer: a proxy of the company's, another partition, an authority that AWS took since.
"""

import ssl
from functools import cache
from pathlib import Path
from socket import socket
from typing import Final

from paycorex import redaction

AUTHORITIES: Final = Path(__file__).with_name("authorities.pem")
# X509_V_ERR_…: UNABLE_TO_GET_ISSUER_CERT, SELF_SIGNED_CERT_IN_CHAIN, UNABLE_TO_GET_ISSUER_CERT_LOCALLY, UNABLE_TO_VERIFY_LEAF_SIGNATURE.
_UNKNOWN_ISSUER: Final = {2, 19, 20, 21}
logger = redaction.logger("aws_client")


class UnknownIssuer(Exception):
    """The certificate's issuer was not known and the system's authorities are trusted now: the connection is to be made again."""


class Trust:
    """TLS settings that verify the certificate and the name. Safe for threads."""

    def __init__(self, context: ssl.SSLContext, *, may_widen: bool = False) -> None:
        self.context = context
        self._may_widen = may_widen

    def wrap(self, raw: socket, host: str) -> ssl.SSLSocket:
        """Shake hands. Raises OSError (ssl.SSLError, TimeoutError too); UnknownIssuer at most once for a connection."""
        may_widen = self._may_widen
        try:
            return self.context.wrap_socket(raw, server_hostname=host)
        except ssl.SSLCertVerificationError as error:
            if not may_widen or error.verify_code not in _UNKNOWN_ISSUER:
                raise
            logger.warning("not an authority of AWS: the system's are asked", extra={"host": host})
            self.context.load_default_certs()
            self._may_widen = False
            raise UnknownIssuer from error


@cache
def trust_of(bundle: str | None) -> Trust:
    """AWS's authorities, or a bundle's and no others; one for all services. Raises FileNotFoundError for a bundle that is not there."""
    return Trust(ssl.create_default_context(cafile=bundle or AUTHORITIES), may_widen=bundle is None)
