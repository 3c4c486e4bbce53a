"""Keeps accounts and transfers in SQLite, so that a restart loses nothing."""

import sqlite3
from dataclasses import dataclass

SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    id      TEXT PRIMARY KEY,
    owner   TEXT NOT NULL,
    balance INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS transfers (
    reference TEXT PRIMARY KEY,
    source    TEXT NOT NULL REFERENCES accounts(id),
    target    TEXT NOT NULL REFERENCES accounts(id),
    cents     INTEGER NOT NULL,
    day       TEXT NOT NULL
);
"""


@dataclass(frozen=True)
class Transfer:
    reference: str
    source: str
    target: str
    cents: int
    day: str


class Store:
    """One connection, one writer; used as a context manager."""

    def __init__(self, path):
        self.connection = sqlite3.connect(path)
        self.connection.execute("PRAGMA foreign_keys = ON")
        self.connection.executescript(SCHEMA)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def open_account(self, account, owner, balance=0):
        with self.connection:
            self.connection.execute(
                "INSERT OR IGNORE INTO accounts VALUES (?, ?, ?)", (account, owner, balance)
            )

    def balance(self, account):
        row = self.connection.execute(
            "SELECT balance FROM accounts WHERE id = ?", (account,)
        ).fetchone()
        if row is None:
            raise KeyError(account)
        return row[0]

    def record_transfer(self, transfer):
        """Moves the money and writes the transfer in one transaction."""
        with self.connection:
            self._move(transfer.source, -transfer.cents)
            self._move(transfer.target, transfer.cents)
            self.connection.execute(
                "INSERT INTO transfers (reference, source, target, cents, day)"
                " VALUES (:reference, :source, :target, :cents, :day)",
                vars(transfer),
            )

    def transfers_of(self, account, limit=50):
        """The latest transfers that touch the account, newest first."""
        rows = self.connection.execute(
            "SELECT reference, source, target, cents, day FROM transfers"
            " WHERE source = ? OR target = ? ORDER BY day DESC, rowid DESC LIMIT ?",
            (account, account, limit),
        )
        return [Transfer(*row) for row in rows]

    def _move(self, account, cents):
        cursor = self.connection.execute(
            "UPDATE accounts SET balance = balance + ? WHERE id = ?", (cents, account)
        )
        if cursor.rowcount != 1:
            raise KeyError(account)
