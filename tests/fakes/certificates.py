"""A certificate authority of the tests' own, and TLS contexts for receivers that are right, expired, misnamed or too old."""

import datetime as dt
import ssl
import tempfile
import warnings
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = dt.timedelta(days=1)
type Key = ec.EllipticCurvePrivateKey


class Authority:
    """Issues server contexts; `client_context()` makes a context that trusts it and nothing else."""

    def __init__(self, name: str = "Test authority") -> None:
        self._name = _named(name)
        self._key = ec.generate_private_key(ec.SECP256R1())
        builder = _certificate(self._name, self._name, self._key)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self._certificate = builder.add_extension(_usage(signs_certificates=True), critical=True).sign(self._key, hashes.SHA256())

    def bundle(self, path: Path) -> str:
        """A file of authorities with this one alone: its path."""
        path.write_bytes(_pem(self._certificate))
        return str(path)

    def client_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cadata=_pem(self._certificate).decode())
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context

    def server_context(self, *hosts: str, expired: bool = False, self_signed: bool = False) -> ssl.SSLContext:
        """A receiver's context for `hosts` (names or addresses); expired by a day, or self-signed, where asked."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _named(hosts[0])
        until = -DAY if expired else DAY
        builder = _certificate(name, name if self_signed else self._name, key, until=until)
        builder = builder.add_extension(x509.SubjectAlternativeName([_alternative(host) for host in hosts]), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        signer = key if self_signed else self._key
        builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        return _loaded(builder.sign(signer, hashes.SHA256()), key)

    def old_server_context(self, *hosts: str) -> ssl.SSLContext:
        """A receiver with a good certificate that speaks TLS 1.0 and nothing newer."""
        context = self.server_context(*hosts)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            # Level 0: OpenSSL 3 has no cipher for TLS 1.0 above it.
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1
        return context


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _certificate(subject: x509.Name, issuer: x509.Name, key: Key, *, until: dt.timedelta = DAY) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 3 * DAY)
        .not_valid_after(now + until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _loaded(certificate: x509.Certificate, key: Key) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    unencrypted = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unencrypted)
    # The ssl module reads a chain from a file and from nothing else.
    with tempfile.TemporaryDirectory() as folder:
        chain = Path(folder) / "chain.pem"
        chain.write_bytes(private + _pem(certificate))
        context.load_cert_chain(chain)
    return context
