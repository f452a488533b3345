#!/bin/sh
# Run by the postgres image when its volume is empty: Temporal's own role, which makes its databases.
set -eu

psql --set ON_ERROR_STOP=1 --username postgres --set password="$TEMPORAL_PASSWORD" << 'SQL'
create role temporal login createdb nosuperuser nobypassrls password :'password';
SQL
