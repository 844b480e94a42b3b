"""Reading guides from outside: files to records, records by a mapping to guides. Nothing here touches the database."""
