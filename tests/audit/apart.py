"""A gateway's side of the ledger that is killed: ``apart.py FOLDER``. It says who records, then each receipt."""

import asyncio
import os
import sys
from pathlib import Path

from tests.audit.fakes import BOLLNAS, STILL, intent, open_apart, outcome


def say(*words: object) -> None:
    os.write(1, " ".join(str(word) for word in words).encode() + b"\n")


async def work(folder: Path) -> None:
    async with open_apart(folder, STILL) as ledger:
        say("child", ledger._child.process.pid)
        for number in range(100_000):
            receipt = await ledger.append(BOLLNAS, intent())
            say("ack", receipt.seq, receipt.leaf.hex())
            if number % 3 != 2:
                ended = await ledger.append(BOLLNAS, outcome(receipt))
                say("ack", ended.seq, ended.leaf.hex())


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1])))
