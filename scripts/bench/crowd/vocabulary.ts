/** Texts as people write them at a service desk, the same in every run: words by Zipf's law, two languages. */

export type Random = () => number;

/** Mulberry32: the same numbers for the same seed, from 0 to below 1. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The words that stand first are the most frequent. */
const spoken = {
  english:
    'the not is to and my in on for with password printer mail user cannot login error network access ' +
    'account laptop outlook server since today please screen after open does file update vpn connection ' +
    'new phone system office windows slow message application software drive shared when every again ' +
    'meeting calendar restart computer monitor teams folder reset license installed security certificate ' +
    'browser page keyboard docking station wifi signal battery camera microphone headset scanner paper ' +
    'toner jam queue spooler permission denied locked expired timeout crash freeze backup restore database',
  german:
    'die nicht ist der und auf mein in zu mit Kennwort Drucker Mail Benutzer kann Anmeldung Fehler Netzwerk ' +
    'Zugriff Konto Rechner Postfach Server seit heute bitte Bildschirm nach öffnen Datei Aktualisierung ' +
    'Verbindung neu Telefon System Büro langsam Meldung Anwendung Laufwerk gemeinsam wenn immer wieder ' +
    'Besprechung Kalender Neustart Monitor Ordner zurücksetzen Lizenz installiert Sicherheit Zertifikat ' +
    'Seite Tastatur Gerät Akku Kamera Mikrofon Papier Toner Stau Warteschlange Berechtigung verweigert ' +
    'gesperrt abgelaufen Absturz Sicherung Datenbank Prüfung Störung Anschluss Steckdose Schlüssel Größe',
} as const;

/** Names of things that few tickets are about: applications, hosts, products. */
const rareWords = 20_000;
const syllables =
  'ba den fo gri hal jo ka lum mer nox or pri qua rio sol tan ul ven wex yar zim'.split(' ');

export interface Words {
  readonly title: () => string;
  /** So many words at least and at most. */
  readonly text: (least: number, most: number) => string;
}

/** One ticket in four is German. */
export function wordsOf(random: Random): Words {
  const tongues = Object.values(spoken).map((words) => ranked([...words.split(' '), ...rare()]));
  const [english, german] = tongues;
  const text = (least: number, most: number) => {
    const pick = random() < 0.75 ? english : german;
    const count = least + Math.floor(random() * (most - least + 1));
    return Array.from({ length: count }, () => pick?.(random()) ?? '').join(' ');
  };
  return { title: () => text(4, 8), text };
}

function rare(): string[] {
  const of = (n: number) => syllables[n % syllables.length] ?? '';
  return Array.from(
    { length: rareWords },
    (_, n) => of(n) + of(Math.floor(n / 21)) + of(Math.floor(n / 441)) + of(n * 7 + 3),
  );
}

/** Picks by rank: the n-th word comes 1/n times as often as the first. */
function ranked(words: readonly string[]): (chance: number) => string {
  const sums: number[] = [];
  let sum = 0;
  for (let n = 1; n <= words.length; n += 1) sums.push((sum += 1 / n));
  return (chance) => {
    const wanted = chance * sum;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return words[low] ?? '';
  };
}
