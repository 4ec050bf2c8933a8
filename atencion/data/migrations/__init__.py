"""The history of the tables, run by `atencion.data.migrate`."""
