import sqlite3
import unittest

from store import Store, Transfer


class StoreTest(unittest.TestCase):
    def setUp(self):
        self.store = Store(":memory:")
        self.addCleanup(self.store.connection.close)
        self.store.open_account("DE-1007", "Ada", 5000)
        self.store.open_account("DE-2011", "Grace")

    def transfer(self, reference="rent", cents=2000, target="DE-2011"):
        return Transfer(reference, "DE-1007", target, cents, "2026-03-17")

    def test_a_transfer_moves_the_amount(self):
        self.store.record_transfer(self.transfer())
        self.assertEqual(self.store.balance("DE-1007"), 3000)
        self.assertEqual(self.store.balance("DE-2011"), 2000)

    def test_a_reference_is_recorded_once(self):
        self.store.record_transfer(self.transfer())
        with self.assertRaises(sqlite3.IntegrityError):
            self.store.record_transfer(self.transfer())
        self.assertEqual(self.store.balance("DE-1007"), 3000)

    def test_an_unknown_target_changes_nothing(self):
        with self.assertRaises(KeyError):
            self.store.record_transfer(self.transfer(target="DE-9999"))
        self.assertEqual(self.store.balance("DE-1007"), 5000)


if __name__ == "__main__":
    unittest.main()
