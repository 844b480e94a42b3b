#!/bin/sh
# Makes the three roles and the database when PostgreSQL is started for the first time (postgres.env: two passwords).
set -eu
psql -v ON_ERROR_STOP=1 --username postgres --set owner_password="$OWNER_PASSWORD" --set app_password="$APP_PASSWORD" <<'SQL'
CREATE ROLE tongban_owner LOGIN NOSUPERUSER NOCREATEROLE PASSWORD :'owner_password';
CREATE ROLE tongban_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT PASSWORD :'app_password';
CREATE ROLE tongban_gate LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
GRANT tongban_gate TO tongban_app;
CREATE DATABASE tongban OWNER tongban_owner TEMPLATE template0 ENCODING 'UTF8';
SQL
