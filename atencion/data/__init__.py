"""The store: what is kept, in SQLite or PostgreSQL, and the ways in and out of it.

Open it with `engine.open_store`; each other module holds the statements of one subject and takes the connection that
`Store.reading()` or `Store.writing()` gives. `models` declares the tables; at run time the statements are sent to the
driver as they are (`sql.Statement`), which costs a fifth of what the mapper would and spares its import.
"""
