/** What a file is, by its first bytes; what it is said to be has to agree. */
import { fileTypeFromBuffer } from 'file-type';
import { Refusal } from '../errors';
import { beginsLikeMarkup, isText } from './text';
import { endingOf } from './name';

/** Enough to tell an Office document from any other ZIP. */
export const headBytes = 65_536;

const unknown = 'application/octet-stream';

/** What a browser or a computer would run. */
const refusedTypes = new Set([
  ...['application/x-msdownload', 'application/x-elf', 'application/x-mach-binary'],
  ...['application/x-ms-shortcut', 'application/vnd.microsoft.portable-executable'],
  ...['application/wasm', 'application/java-vm', 'application/java-archive', 'application/x-sh'],
  ...['application/vnd.android.package-archive', 'application/x-msi', 'application/hta'],
  ...['application/javascript', 'text/javascript', 'application/x-javascript'],
  ...['text/html', 'application/xhtml+xml', 'image/svg+xml', 'application/x-shockwave-flash'],
]);
const refusedEndings = new Set(
  (
    '.apk .app .bat .class .cmd .com .cpl .dll .exe .hta .htm .html .jar .js .jse .lnk .mht .mhtml .mjs ' +
    '.msi .msp .pif .ps1 .reg .scr .sh .svg .swf .sys .vb .vbe .vbs .wasm .ws .wsf .wsh .xht .xhtml'
  ).split(' '),
);

/** Other names of what the first bytes say. */
const aliases: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/x-ms-bmp': 'image/bmp',
  'image/vnd.microsoft.icon': 'image/x-icon',
  'application/x-pdf': 'application/pdf',
  'application/x-zip-compressed': 'application/zip',
  'application/x-zip': 'application/zip',
  'application/x-gzip': 'application/gzip',
  'audio/mp3': 'audio/mpeg',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'text/xml': 'application/xml',
};

/** Families: what is packed in the one on the left may be said to be any of those on the right. */
const families: readonly (readonly [found: string, said: RegExp])[] = [
  [
    'application/zip',
    /^application\/(vnd\.(openxmlformats|oasis|ms-(excel|word|powerpoint|visio))|epub\+zip)/,
  ],
  ['application/x-cfb', /^application\/(msword|vnd\.ms-|vnd\.visio)/],
  ['application/xml', /^application\/[\w.+-]+\+xml$/],
];

const textual =
  /^text\/|^message\/|^application\/([\w.+-]+\+)?(json|xml|yaml|x-yaml|sql|x-ndjson|toml)$/;

/** Text that has a mark nevertheless: calendars, address cards, XML. */
const markedText = /^text\/|^application\/xml$/;

export interface Said {
  readonly name: string;
  /** As the header says it; absent: nobody says. */
  readonly mediaType: string | undefined;
}

/** The media type as which it is kept. Throws unsupported_media_type when it is not what is said, or is refused. */
export async function kindOf(head: Uint8Array, { name, mediaType }: Said): Promise<string> {
  const said = sayingOf(mediaType);
  const ending = endingOf(name);
  if (refusedEndings.has(ending)) throw refused(`Files that end in ${ending} are not taken.`);
  const found = await foundIn(head);
  for (const type of [said, found])
    if (refusedTypes.has(type)) throw refused(`Files of the type ${type} are not taken.`);
  return agreed(said, found, head);
}

/** Media types without their parameters, under their usual names. */
function sayingOf(mediaType: string | undefined): string {
  const [type = ''] = (mediaType ?? unknown).split(';');
  const plain = type.trim().toLowerCase();
  return plain === '' ? unknown : (aliases[plain] ?? plain);
}

async function foundIn(head: Uint8Array): Promise<string> {
  if (beginsLikeMarkup(head)) return 'text/html';
  const found = await fileTypeFromBuffer(head);
  return found === undefined ? unknown : (aliases[found.mime] ?? found.mime);
}

function agreed(said: string, found: string, head: Uint8Array): string {
  if (found !== unknown) {
    if (said === unknown || said === found) return found;
    const isRelated = families.some(([one, others]) => one === found && others.test(said));
    const isSaidText = textual.test(said) && markedText.test(found) && isText(head);
    if (isRelated || isSaidText) return said;
    throw disagreed(said, found);
  }
  if (!isText(head)) {
    if (said === unknown) return unknown;
    throw disagreed(said, 'something unknown');
  }
  if (said === unknown) return 'text/plain';
  if (textual.test(said)) return said;
  throw disagreed(said, 'text/plain');
}

function disagreed(said: string, found: string): Refusal {
  return refused(
    `It is said to be ${said} and is ${found}. Send what it is, or application/octet-stream.`,
  );
}

function refused(message: string): Refusal {
  return new Refusal('unsupported_media_type', message);
}
