"""Tables, queries and migrations, on SQLite and PostgreSQL through SQLAlchemy Core."""
