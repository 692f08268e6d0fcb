"""One secret of the installation, and the keys that are derived from it."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gateway.settings import Settings


def derived(settings: Settings, purpose: str) -> bytes:
    """32 bytes for one purpose (HKDF-SHA256, RFC 5869); no purpose's key tells anything about another's."""
    secret = settings.session_key.get_secret_value().encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"valv {purpose}".encode()).derive(secret)
