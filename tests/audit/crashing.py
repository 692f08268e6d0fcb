"""A process of its own that puts calls on record until it is killed: ``crashing.py FOLDER [CALLS]``.

It says ``ready`` once everything is imported and waits for a line, so that a tracer can be attached. Receipts are
written with ``writev``, which no test makes fail.
"""

import asyncio
import os
import sys
from pathlib import Path

from audit.errors import AuditError
from audit.records import Receipt
from audit.status import Limits
from tests.audit.fakes import BOLLNAS, intent, keys_in, open_ledger, outcome


def say(*words: object) -> None:
    os.writev(1, [" ".join(str(word) for word in words).encode() + b"\n"])


def acknowledged(receipt: Receipt) -> None:
    say("ack", receipt.seq, receipt.leaf.hex())


async def work(folder: Path, calls: int) -> None:
    async with open_ledger(folder, Limits(checkpoint_s=0.02, floor=0.0, ballast=4096)) as ledger:
        for number in range(calls):
            receipt = await ledger.append(BOLLNAS, intent())
            acknowledged(receipt)
            if number % 3 != 2:
                acknowledged(await ledger.append(BOLLNAS, outcome(receipt)))
            if number % 4 == 3:
                await asyncio.sleep(0.03)


def main() -> None:
    folder, calls = Path(sys.argv[1]), int(sys.argv[2])
    keys_in(folder)
    say("ready")
    sys.stdin.readline()
    try:
        asyncio.run(work(folder, calls))
    except (AuditError, OSError) as fault:
        say("fault", type(fault).__name__, fault)
        os._exit(7)
    say("done")


if __name__ == "__main__":
    main()
