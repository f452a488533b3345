/** Instants as text. The one form used everywhere, so that comparing strings compares instants. */

/** RFC 3339 in UTC with milliseconds, exactly `YYYY-MM-DDTHH:mm:ss.SSSZ`. */
export type Instant = string;

const earliestMs = -62_167_219_200_000;
const latestMs = 253_402_300_799_999;

/** The instant of milliseconds since 1970 or of a Date; a RangeError outside the years 0000 to 9999. */
export function toInstant(moment: number | Date): Instant {
  const ms = Number(moment);
  if (!(ms >= earliestMs && ms <= latestMs)) throw new RangeError(`${ms} ms is no instant`);
  return new Date(ms).toISOString();
}

/** Milliseconds since 1970; a RangeError for anything but the exact form of an Instant. */
export function msOf(instant: Instant): number {
  const ms = Date.parse(instant);
  // Date.parse takes 30 February for 2 March, and forms that do not compare as text.
  if (Number.isNaN(ms) || new Date(ms).toISOString() !== instant) {
    throw new RangeError(`${JSON.stringify(instant)} is not an instant`);
  }
  return ms;
}

/** `seconds` of real time later, to the millisecond; a negative number goes back. */
export function plusSeconds(instant: Instant, seconds: number): Instant {
  return toInstant(msOf(instant) + Math.round(seconds * 1000));
}

/** `days` of 24 hours later, in whatever zone. */
export function plusDays(instant: Instant, days: number): Instant {
  return plusSeconds(instant, days * 86_400);
}

export function latest(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}

export function earliest(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}
