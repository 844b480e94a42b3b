"""Django database engine: PostgreSQL with role and search path set in each transaction."""
