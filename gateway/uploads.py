"""Files on their way in: read up to a limit, refused beyond it."""

from typing import Final

from fastapi import UploadFile

from gateway.refusals import BodyTooLarge

_CHUNK: Final = 1024 * 1024


async def read_upload(file: UploadFile, limit_bytes: int) -> bytes:
    """The file's bytes.

    Raises:
        BodyTooLarge: it is longer than allowed.
    """
    parts: list[bytes] = []
    size = 0
    while part := await file.read(_CHUNK):
        size += len(part)
        if size > limit_bytes:
            raise BodyTooLarge(limit_bytes)
        parts.append(part)
    return b"".join(parts)
