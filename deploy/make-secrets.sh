#!/bin/sh
# Prints the secrets that docker-compose.yml asks for, fresh ones each time. Letters and digits only:
# they become part of addresses.
set -eu

for name in POSTGRES_PASSWORD TEMPORAL_PASSWORD OWNER_PASSWORD APP_PASSWORD JWT_SECRET; do
  printf '%s=%s\n' "$name" "$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')"
done
