#!/bin/sh
# Waits for Temporal (TEMPORAL_ADDRESS) and makes the namespace TEMPORAL_NAMESPACE. Safe to repeat.
set -eu

tries=0
until temporal operator cluster health; do
  tries=$((tries + 1))
  if [ "$tries" -ge 60 ]; then
    echo 'Temporal does not become healthy' >&2
    exit 1
  fi
  sleep 2
done

if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" > /dev/null 2>&1; then
  echo "Namespace $TEMPORAL_NAMESPACE is there"
else
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 72h
fi
