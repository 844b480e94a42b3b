"""Backup and restore of a whole jurisdiction: its schema and its files, as they were at one moment.

BACKUP/manifest.json   written last: a folder without it is no backup
BACKUP/database        what pg_dump wrote, in the snapshot of that moment
BACKUP/files.txt       digest, size and path of each file that the snapshot refers to
BACKUP/files/ab/cd/…   their bytes, by digest
BACKUP/keys.sealed     the keys, sealed with a passphrase; only when one was given
"""
