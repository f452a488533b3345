import { safeName } from './name';

describe('the name of a file', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    ['/etc/passwd', 'passwd'],
    ['..\\..\\boot.ini', 'boot.ini'],
    ['a/../..', 'file'],
    ['  .hidden. ', 'hidden'],
    ['', 'file'],
    ['\u0000\u0007', 'file'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['Zu\u0308rich.png', 'Z\u00fcrich.png'],
    ['👩‍💻.png', '👩‍💻.png'],
    ['a\nb.txt', 'ab.txt'],
  ])('%j is kept as %j', (given, kept) => {
    expect(safeName(given)).toBe(kept);
  });

  it('has at most 200 characters, the ending among them', () => {
    const name = safeName(`${'ä'.repeat(300)}.tar`);
    expect([name.length, name.endsWith('ä.tar')]).toEqual([200, true]);
  });
});
