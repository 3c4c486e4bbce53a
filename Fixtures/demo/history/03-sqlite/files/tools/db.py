"""Keeps accounts and transfers in SQLite."""

import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    id      TEXT PRIMARY KEY,
    owner   TEXT NOT NULL,
    balance INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS transfers (
    source TEXT NOT NULL REFERENCES accounts(id),
    target TEXT NOT NULL REFERENCES accounts(id),
    cents  INTEGER NOT NULL
);
"""


def connect(path):
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA)
    return connection


def open_account(connection, account, owner, balance=0):
    with connection:
        connection.execute(
            "INSERT OR IGNORE INTO accounts VALUES (?, ?, ?)", (account, owner, balance)
        )


def record_transfer(connection, source, target, cents):
    with connection:
        connection.execute(
            "UPDATE accounts SET balance = balance - ? WHERE id = ?", (cents, source)
        )
        connection.execute(
            "UPDATE accounts SET balance = balance + ? WHERE id = ?", (cents, target)
        )
        connection.execute(
            "INSERT INTO transfers (source, target, cents) VALUES (?, ?, ?)",
            (source, target, cents),
        )
