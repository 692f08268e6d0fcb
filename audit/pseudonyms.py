"""Who is behind a pseudonym: a map that can be deleted from, beside the tree and never in it."""

import sqlite3
import threading
from pathlib import Path

from audit.keys import Entropy

_SCHEMA = """
CREATE TABLE IF NOT EXISTS pseudonym (
    log TEXT NOT NULL, subject TEXT NOT NULL, pid TEXT NOT NULL UNIQUE, PRIMARY KEY (log, subject)
) WITHOUT ROWID
"""


class Pseudonyms:
    """Random names for subjects, one per subject and log, durable before they are used.

    ``generation`` counts the deletions: what remembers a pseudonym must drop it when the number changes.
    """

    def __init__(self, path: Path, *, entropy: Entropy) -> None:
        self._entropy = entropy
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], str] = {}
        self.generation = 0
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute(_SCHEMA)

    def pid(self, log: str, subject: str) -> str:
        """The subject's pseudonym in that log, made and stored on first use."""
        subject = _plain(subject)
        with self._lock:
            known = self._known.get((log, subject))
            if known is None:
                known = self._known[log, subject] = self._stored(log, subject)
            return known

    def find(self, log: str, subject: str) -> str | None:
        """The subject's pseudonym, if there is one."""
        place = (log, _plain(subject))
        with self._lock:
            row = self._db.execute(
                "SELECT pid FROM pseudonym WHERE log = ? AND subject = ?", place
            ).fetchone()
        return None if row is None else str(row[0])

    def subject(self, log: str, pid: str) -> str | None:
        """Who is behind the pseudonym, unless forgotten."""
        with self._lock:
            row = self._db.execute(
                "SELECT subject FROM pseudonym WHERE log = ? AND pid = ?", (log, pid)
            ).fetchone()
        return None if row is None else str(row[0])

    def forget(self, log: str, subject: str) -> bool:
        """Cuts the tie for good; the subject gets another pseudonym from then on. Whether there was one."""
        subject = _plain(subject)
        with self._lock:
            gone = self._db.execute(
                "DELETE FROM pseudonym WHERE log = ? AND subject = ?", (log, subject)
            ).rowcount
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._known.pop((log, subject), None)
            self.generation += 1
        return gone > 0

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _stored(self, log: str, subject: str) -> str:
        fresh = f"p_{self._entropy(12).hex()}"
        self._db.execute("INSERT OR IGNORE INTO pseudonym VALUES (?, ?, ?)", (log, subject, fresh))
        row = self._db.execute(
            "SELECT pid FROM pseudonym WHERE log = ? AND subject = ?", (log, subject)
        ).fetchone()
        return str(row[0])


def _plain(subject: str) -> str:
    """Lone surrogates can't be stored; an identity provider that sends them still gets one name each."""
    return subject.encode("utf-8", "backslashreplace").decode()
