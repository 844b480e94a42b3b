"""The source "sql": a table or view of a SQL database."""
