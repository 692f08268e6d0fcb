"""The call path: raw ASGI beside FastAPI, with the same gate, policy, limits, ledger and error table."""
