/** Reads what others send to a life. Never throws: what cannot be read is a fact that is refused. */
import type { Command, FactMessage } from './wire';

/** Why an update can never become legal, or undefined. Synchronous: it runs as a validator. */
export function unreadable(ticketId: string, command: unknown): string | undefined {
  if (!isRecord(command)) return 'the command is not an object';
  if (command['ticketId'] !== ticketId) return 'the command is for another ticket';
  const isNamed = ['cause', 'name'].every((key) => matches(command[key], token));
  const isDated = matches(command['receivedAt'], instant);
  const isWhole = isNamed && isDated && isRecord(command['actor']);
  return isWhole ? undefined : 'the command is not complete';
}

/** Short and printable: a cause is part of a key of the database. */
const token = /^[\x21-\x7e]{1,200}$/;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function matches(value: unknown, form: RegExp): boolean {
  return typeof value === 'string' && form.test(value);
}

export function factOfCommand(command: Command): FactMessage {
  const { receivedAt, ...rest } = command;
  return { ...rest, via: 'api', occurredAt: receivedAt };
}

/**
 * A signal as a fact. The service sends an envelope with a cause, which the step looks up; anything
 * else was made by hand (Web UI, CLI) and is the plain input of a fact with the signal's name.
 */
export function factOfSignal(name: string, payload: unknown): FactMessage {
  const isEnvelope = isRecord(payload) && typeof payload['cause'] === 'string';
  if (!isEnvelope) return { name, input: payload ?? {}, via: 'signal' };
  const { cause, name: inner, input, ticketId } = payload;
  return {
    name: typeof inner === 'string' ? inner : name,
    cause: String(cause),
    input: input ?? {},
    via: 'signal',
    ...(typeof ticketId === 'string' ? { ticketId } : {}),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
