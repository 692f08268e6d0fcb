"""The ledger: every call on the record, no record that can be changed unseen."""
