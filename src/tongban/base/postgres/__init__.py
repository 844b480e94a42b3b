"""PostgreSQL: the embedded server, the three roles, and the database engine that sets them in each transaction."""
