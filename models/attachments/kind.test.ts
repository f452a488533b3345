import { kindOf } from './kind';

const text = (words: string) => Buffer.from(words);
const zip = text('PK\x03\x04 and so on');
const pdf = text('%PDF-1.7 and so on');
const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]);
const exe = Buffer.concat([text('MZ'), Buffer.alloc(200)]);
const elf = Buffer.concat([Buffer.from('7f454c46020101', 'hex'), Buffer.alloc(100)]);
const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

describe('what a file is kept as', () => {
  it.each([
    ['a.pdf', 'application/pdf', pdf, 'application/pdf'],
    ['a.pdf', undefined, pdf, 'application/pdf'],
    ['a.pdf', 'Application/X-PDF; charset=x', pdf, 'application/pdf'],
    ['a.zip', 'application/x-zip-compressed', zip, 'application/zip'],
    ['a.docx', docx, zip, docx],
    ['a.msg', 'application/vnd.ms-outlook', ole, 'application/vnd.ms-outlook'],
    ['a.txt', 'text/plain; charset=utf-8', text('Grüße'), 'text/plain'],
    ['a.txt', undefined, text('Grüße').subarray(0, 3), 'text/plain'],
    ['a.csv', 'text/csv', text('a;b\n1;2'), 'text/csv'],
    ['a.json', 'application/json', text('{}'), 'application/json'],
    ['a.log', 'text/plain', text('\u001b[31mred\u001b[0m'), 'text/plain'],
    ['a.xml', 'application/xml', text('<?xml version="1.0"?><a/>'), 'application/xml'],
    ['a.txt', 'text/plain', text('<?xml version="1.0"?><a/>'), 'text/plain'],
    ['a.dat', undefined, Buffer.from([0, 1, 2, 3]), 'application/octet-stream'],
    ['a.txt', 'text/plain', text('see <script> in the middle'), 'text/plain'],
  ])('%s as %s', async (name, mediaType, head, kept) => {
    expect(await kindOf(head, { name, mediaType })).toBe(kept);
  });
});

describe('what is not taken', () => {
  it.each([
    ['a.png', 'image/png', pdf],
    ['a.pdf', 'application/pdf', text('hello')],
    ['a.txt', 'text/plain', pdf],
    ['a.txt', 'text/plain', zip],
    ['a.doc', 'application/msword', zip],
    ['a.dat', 'application/x-mine', Buffer.from([0, 1, 2, 3])],
    ['a.dat', 'application/x-mine', text('hello')],
    ['a.txt', 'text/plain', Buffer.from([0xff, 0xfe, 0x41, 0])],
    ['a', undefined, exe],
    ['a', undefined, elf],
    ['a.exe', 'text/plain', text('hello')],
    ['a.txt.JS', 'text/plain', text('hello')],
    ['a', 'text/javascript', text('hello')],
    ['a', 'text/html; charset=utf-8', text('hello')],
    ['a.txt', 'text/plain', text('\ufeff \n<!-- x --><HTML>')],
    ['a.txt', 'text/plain', text('<!doctype html>')],
    [
      'a.xml',
      'application/xml',
      text('<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "x" "y"><svg/>'),
    ],
    ['a.xml', 'image/svg+xml', text('<svg onload="x()"/>')],
  ])('%s as %s', async (name, mediaType, head) => {
    const code = 'unsupported_media_type';
    await expect(kindOf(head, { name, mediaType })).rejects.toMatchObject({ code });
  });
});

it('looks at a file that was made to be looked at for ever no longer than at others', async () => {
  const comments = text('<!---->'.repeat(9_000));
  const since = performance.now();
  expect(await kindOf(comments, { name: 'a', mediaType: undefined })).toBe('text/plain');
  await kindOf(text('<?'.repeat(30_000)), { name: 'a', mediaType: undefined });
  expect(performance.now() - since).toBeLessThan(1_000);
});
