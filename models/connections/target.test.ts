import { HopelessWork } from '../fulfilment/hopeless-work';
import { allowedHost, faultOfBase, isAllowed, targetOf } from './target';

describe('a base URL', () => {
  it.each(['https://idm.example', 'https://idm.example:8443/api/', 'https://[2606:4700::1]/'])(
    'may be %s',
    (url) => {
      expect(faultOfBase(url, [])).toBeUndefined();
    },
  );

  it.each([
    ...['http://idm.example', 'ftp://idm.example', 'idm.example', 'file:///etc/passwd'],
    ...['https://me:pass@idm.example', 'https://idm.example/?a=b', 'https://idm.example/#a'],
  ])('may not be %s', (url) => {
    expect(faultOfBase(url, [])).toBeDefined();
  });

  it('may be without TLS where the operator allows the host', () => {
    expect(faultOfBase('http://idm.internal:8080/api', ['idm.internal:8080'])).toBeUndefined();
    expect(faultOfBase('http://idm.internal:8081/api', ['idm.internal:8080'])).toBeDefined();
  });
});

describe('a host that the operator allows', () => {
  it('is named with its port, or with any, however the address writes it', () => {
    const url = new URL('http://127.0.0.1:9000');
    expect(isAllowed(url, ['127.0.0.1'])).toBe(true);
    expect(isAllowed(url, ['127.0.0.1:9000'])).toBe(true);
    expect(isAllowed(url, ['127.0.0.1:9001', '127.0.0.2', '7.0.0.1'])).toBe(false);
    expect(isAllowed(new URL('http://[::1]'), ['[::1]:80'])).toBe(true);
    expect(isAllowed(new URL('https://IDM.Internal'), ['Idm.internal:443'])).toBe(true);
    expect(isAllowed(new URL('https://evil.idm.internal'), ['idm.internal'])).toBe(false);
  });

  it.each(['idm.internal', '10.1.2.3:8443', '[::1]', '[fd00::1]:80'])('is written %s', (host) => {
    expect(allowedHost.test(host)).toBe(true);
  });

  it.each(['https://idm.internal', 'idm.internal/api', '::1', '10.0.0.0/8', '*'])(
    'is not written %s',
    (host) => {
      expect(allowedHost.test(host)).toBe(false);
    },
  );
});

describe('where a call goes', () => {
  it('is below the base, with what references put in made safe', () => {
    const target = targetOf('https://idm.example/api/', '/people/Jörg Müller', { 'a&b': 'c=d#e' });
    expect(target.href).toBe(
      'https://idm.example/api/people/J%C3%B6rg%20M%C3%BCller?a%26b=c%3Dd%23e',
    );
  });

  it.each([
    ...['people', '', '/../admin', '/a/../../admin', '/a/%2e%2e/admin', '/a/.%2E/b', '/..'],
    ...['/a/%2e%2e%2fadmin', '/a\\..\\b', '/a/%5c..%5cb', '/a?x=1', '/a#b', '/%', '/./a'],
  ])('is not %p', (path) => {
    expect(() => targetOf('https://idm.example/api', path)).toThrow(HopelessWork);
  });

  it('never is another host', () => {
    expect(targetOf('https://idm.example', '//evil.example/x').host).toBe('idm.example');
    expect(targetOf('https://idm.example', '/@evil.example').host).toBe('idm.example');
  });
});
