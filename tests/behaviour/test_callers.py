"""What the tests themselves hold a refusal to: it tells of no insides, and its random id is none of them."""

import httpx
import pytest

from tests.behaviour.callers import refusal

_DRAWN = "01M8K9KM0XA9D8EFY0YS61C0QS"  # an id that CI has drawn: "0XA9D8EF" is no address


def _forbidden(title: str) -> httpx.Response:
    told = {
        "type": "https://valv.example/problems/forbidden",
        "title": title,
        "status": 403,
        "slug": "forbidden",
        "request_id": _DRAWN,
    }
    headers = {"content-type": "application/problem+json", "x-request-id": _DRAWN}
    request = httpx.Request("GET", "http://127.0.0.1/api/exports")
    return httpx.Response(403, json=told, headers=headers, request=request)


def test_an_id_that_looks_like_an_address_is_no_inside() -> None:
    assert refusal(_forbidden("Din roll tillåter inte detta.")) == (403, "forbidden")


@pytest.mark.parametrize("title", ["<Ledger at 0x7f3a9c0d2e10>", "gateway/app.py", "ValueError('no')"])
def test_an_inside_is_found(title: str) -> None:
    with pytest.raises(AssertionError, match="told of our insides"):
        refusal(_forbidden(title))
