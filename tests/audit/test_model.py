"""The ledger against a plain list: whatever is appended, crashed and recovered, what was acknowledged stays."""

import asyncio
import json
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from audit import tree
from audit.ledger import Ledger
from audit.merkle import leaf_hash
from audit.records import Draft, EventType, Receipt
from audit.survey import Trust, survey
from auth.identity import TenantId
from tests.audit.fakes import ORIGIN, STILL, intent, keys_in, outcome

TENANTS = st.sampled_from([TenantId("bollnas"), TenantId("region")])


class LedgerMachine(RuleBasedStateMachine):
    """Appends, checkpoints, stops and crashes in any order."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.runner = asyncio.Runner()
        self.runner.__enter__()
        self.model: dict[TenantId, list[tuple[str, str]]] = {}
        self.open: dict[TenantId, list[Receipt]] = {}
        self.kept: list[bytes] = []
        self.generation = 0
        self.ledger = self.opened()

    def opened(self) -> Ledger:
        return self.runner.run(
            Ledger.open(self.place / "data", origin=ORIGIN, keys=keys_in(self.folder), limits=STILL)
        )

    @property
    def place(self) -> Path:
        return self.folder / str(self.generation)

    def put(self, tenant: TenantId, draft: Draft) -> Receipt:
        receipt = self.runner.run(self.ledger.append(tenant, draft))
        rows = self.model.setdefault(tenant, [])
        assert receipt.seq == len(rows)
        rows.append((receipt.leaf.hex(), draft.type.value))
        return receipt

    @rule(tenant=TENANTS)
    def ask(self, tenant: TenantId) -> None:
        self.open.setdefault(tenant, []).append(self.put(tenant, intent()))

    @rule(tenant=TENANTS)
    def answer(self, tenant: TenantId) -> None:
        if self.open.get(tenant):
            self.put(tenant, outcome(self.open[tenant].pop()))

    @rule(tenant=TENANTS, count=st.integers(1, 300))
    def work(self, tenant: TenantId, count: int) -> None:
        async def many() -> list[Receipt]:
            drafts = [self.ledger.append(tenant, Draft(EventType.API_READ)) for _ in range(count)]
            return await asyncio.gather(*drafts)

        rows = self.model.setdefault(tenant, [])
        receipts = sorted(self.runner.run(many()), key=lambda receipt: receipt.seq)
        assert [receipt.seq for receipt in receipts] == list(range(len(rows), len(rows) + count))
        rows += [(receipt.leaf.hex(), "api.read") for receipt in receipts]

    @rule()
    def sign(self) -> None:
        self.ledger._settle()
        note = self.ledger.root_checkpoint()
        if note is not None:
            self.kept = [note]

    @rule()
    def stop(self) -> None:
        self.runner.run(self.ledger.close())
        self.ledger = self.opened()
        self.expect_interruptions()

    @rule()
    def crash(self) -> None:
        """The folder as it is now is all that is left."""
        image = self.folder / str(self.generation + 1)
        shutil.copytree(self.place, image)
        self.runner.run(self.ledger.close())
        shutil.rmtree(self.place)
        self.generation += 1
        self.ledger = self.opened()
        self.expect_interruptions()

    def expect_interruptions(self) -> None:
        for tenant, receipts in self.open.items():
            self.model[tenant] += [("", "call.interrupted")] * len(receipts)
            receipts.clear()

    @invariant()
    def everything_is_there(self) -> None:
        self.ledger._settle()
        for tenant, rows in self.model.items():
            log = self.place / "data" / "tree" / "t" / str(tenant)
            reader = tree.TreeReader(log, int(tree.read_checkpoint(log).split(b"\n")[1]))
            bodies = [body for index in range(-(-reader.size // 256)) for body in reader.bundle(index)]
            assert len(bodies) == len(rows)
            for body, (leaf, kind) in zip(bodies, rows, strict=True):
                assert leaf in {"", leaf_hash(body).hex()}
                assert json.loads(body)["type"] == kind

    def teardown(self) -> None:
        self.runner.run(self.ledger.close())
        report = survey(self.place / "data", Trust(keys_in(self.folder).vkey(ORIGIN), tuple(self.kept)))
        assert report.tampering == []
        self.runner.__exit__(None, None, None)
        shutil.rmtree(self.folder)


LedgerMachine.TestCase.settings = settings(max_examples=8, stateful_step_count=10, deadline=None)


class TestLedger(LedgerMachine.TestCase):  # type: ignore[misc,valid-type]  made by hypothesis
    """Run by pytest."""


pytestmark = pytest.mark.timeout(300)
