"""The parts of customer search. Whoever searches or writes customers uses `atencion.data.customer_search`."""
