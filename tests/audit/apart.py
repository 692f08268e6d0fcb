"""A gateway's side of the ledger, to be killed: ``apart.py FOLDER [shared]``. It says who records and each receipt."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from tests.audit.fakes import BOLLNAS, STILL, intent, open_apart, outcome


def say(*words: object) -> None:
    os.write(1, " ".join(str(word) for word in words).encode() + b"\n")


async def work(folder: Path) -> None:
    async with open_apart(folder, STILL) as ledger:
        if "shared" in sys.argv:
            transport = ledger._line._transport
            assert transport is not None
            line = transport.get_extra_info("socket").fileno()
            say("other", subprocess.Popen(["sleep", "60"], stdout=subprocess.DEVNULL, pass_fds=[line]).pid)
        say("child", ledger._child.process.pid)
        for number in range(100_000):
            receipt = await ledger.append(BOLLNAS, intent())
            say("ack", receipt.seq, receipt.leaf.hex())
            if number % 3 != 2:
                ended = await ledger.append(BOLLNAS, outcome(receipt))
                say("ack", ended.seq, ended.leaf.hex())


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1])))
