import unittest

import db


class TransferTest(unittest.TestCase):
    def test_a_transfer_moves_the_amount(self):
        connection = db.connect(":memory:")
        db.open_account(connection, "DE-1007", "Ada", 5000)
        db.open_account(connection, "DE-2011", "Grace")

        db.record_transfer(connection, "DE-1007", "DE-2011", 2000)

        balances = dict(connection.execute("SELECT id, balance FROM accounts"))
        self.assertEqual(balances, {"DE-1007": 3000, "DE-2011": 2000})


if __name__ == "__main__":
    unittest.main()
