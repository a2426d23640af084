"""Payments: bank lines nobody matched, payments booked twice, sums and ledgers that contradict each other."""
