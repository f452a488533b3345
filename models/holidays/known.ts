/** Public holidays of countries and their regions, as the package date-holidays knows them. */
import type { HolidaysTypes } from 'date-holidays';
import { invalid } from '../errors';
import { dateOf } from '../sla/calendar/rules';
import { dayMs } from '../sla/calendar/wall-time';

export const holidayTypes = ['public', 'bank', 'optional', 'school', 'observance'] as const;
export type HolidayType = (typeof holidayTypes)[number];

export interface Wanted {
  /** `DE`. */
  readonly country: string;
  /** `BY`, or `BY-A` for a part of it. */
  readonly region?: string | undefined;
  readonly years: readonly number[];
  readonly types: readonly HolidayType[];
  /** Of the names, where they are known in it, e.g. `en`; absent: that of the country. */
  readonly language?: string | undefined;
}

export interface Day {
  readonly date: string;
  readonly name: string;
}

export interface LeftOut extends Day {
  readonly type: HolidayType;
  /** `partOfDay`: a calendar closes whole dates; write an override. */
  readonly reason: 'type' | 'partOfDay';
}

export interface Known {
  /** Ascending, each date once. */
  readonly days: readonly Day[];
  readonly leftOut: readonly LeftOut[];
}

export interface Country {
  readonly code: string;
  readonly name: string;
  readonly regions: readonly Region[];
}

export interface Region {
  readonly code: string;
  readonly name: string;
}

/** Loaded with the first question: it takes some ten megabytes. */
const library = async () => (await import('date-holidays')).default;

/** By code; names in English where there is one. */
export async function countries(): Promise<Country[]> {
  const Holidays = await library();
  const source = new Holidays();
  return Object.entries(source.getCountries('en'))
    .map(([code, name]) => ({ code, name, regions: regionsOf(source, code) }))
    .sort(byCode);
}

type Source = Pick<
  InstanceType<Awaited<ReturnType<typeof library>>>,
  'getCountries' | 'getStates' | 'getRegions'
>;

function regionsOf(source: Source, country: string): Region[] {
  return named(source.getStates(country, 'en'))
    .flatMap(({ code, name }) => [
      { code, name },
      ...named(source.getRegions(country, code, 'en')).map((part) => {
        return { code: `${code}-${part.code}`, name: `${name}: ${part.name}` };
      }),
    ])
    .sort(byCode);
}

/** The package answers with undefined where there is none. */
function named(names: Readonly<Record<string, string>> | undefined): Region[] {
  return Object.entries(names ?? {}).map(([code, name]) => ({ code, name }));
}

function byCode(a: Region, b: Region): number {
  return a.code < b.code ? -1 : 1;
}

/** Throws invalid_input at `/country` or `/region` for what is not known. */
export async function knownHolidays(wanted: Wanted): Promise<Known> {
  const { country, region, years, types, language } = wanted;
  const Holidays = await library();
  refuseUnknown(new Holidays(), country, region);
  const [state = '', part = ''] = region?.split('-') ?? [];
  const source = new Holidays(country, state, part);
  const found = years.flatMap((year) => source.getHolidays(year, language).map(readHoliday));
  const isTaken = ({ type, dates }: Read) => types.includes(type) && dates.length > 0;
  const days = joined(
    found.filter(isTaken).flatMap(({ dates, name }) => dates.map((date) => ({ date, name }))),
  );
  const taken = new Set(days.map(({ date }) => date));
  const leftOut = found
    .filter((one) => !isTaken(one) && !taken.has(one.date))
    .map(({ date, name, type }): LeftOut => {
      return { date, name, type, reason: types.includes(type) ? 'partOfDay' : 'type' };
    });
  return { days, leftOut };
}

function refuseUnknown(source: Source, country: string, region: string | undefined): void {
  if (!Object.hasOwn(source.getCountries(), country))
    throw invalid('/country', 'is no country whose holidays are known', 'not_found');
  if (region === undefined) return;
  if (!regionsOf(source, country).some(({ code }) => code === region))
    throw invalid('/region', 'is no region of the country', 'not_found');
}

interface Read extends Day {
  readonly type: HolidayType;
  /** All dates that it closes; none: only a part of the day. */
  readonly dates: readonly string[];
}

/** `date` begins with the local date and time; `start` and `end` are instants of the country's zone. */
function readHoliday({ date: text, start, end, name, type }: HolidaysTypes.Holiday): Read {
  const date = text.slice(0, 10);
  const length = end.getTime() - start.getTime();
  // A day on which the clocks are changed is an hour or two shorter or longer.
  const days = Math.round(length / dayMs);
  const isWhole = text.slice(11, 19) === '00:00:00' && days > 0 && isNear(length, days * dayMs);
  const first = Date.parse(date) / dayMs;
  const dates = isWhole ? Array.from({ length: days }, (_, n) => dateOf(first + n)) : [];
  return { date, name, type, dates };
}

function isNear(length: number, whole: number): boolean {
  return Math.abs(length - whole) <= 2 * 3_600_000;
}

/** In some years two holidays fall on one date: it has both names. */
function joined(days: readonly Day[]): Day[] {
  const names = new Map<string, string[]>();
  for (const { date, name } of days) {
    const others = names.get(date) ?? [];
    if (!others.includes(name)) names.set(date, [...others, name]);
  }
  return [...names]
    .map(([date, all]) => ({ date, name: all.join(', ') }))
    .sort((a, b) => (a.date < b.date ? -1 : 1));
}
