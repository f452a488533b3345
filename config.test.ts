import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError, Environment, readConfig, serviceConfig } from './config';

describe('.env.example', () => {
  const entries = readFileSync(join(__dirname, '.env.example'), 'utf8').trimEnd().split('\n\n');

  it('names every variable once, in the order of config.ts, with its description and nothing else', () => {
    const described = Object.entries(Environment.shape).map(
      ([name, { description }]) => `# ${description ?? ''}\n# ${name}=`,
    );
    expect(entries.map((entry) => entry.replace(/=.*$/, '='))).toEqual(described);
  });

  it('shows the defaults', () => {
    const Values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
    const defaults = Values.parse(Environment.parse({}));
    const shown = entries.map((entry) => /\n# (.+?)=(.*)$/.exec(entry) ?? []);
    for (const [, name = '', value] of shown) expect(value).toBe(String(defaults[name] ?? ''));
  });
});

describe('the environment', () => {
  it('may be empty', () => {
    expect(readConfig({})).toMatchObject({
      api: { host: '127.0.0.1', port: undefined },
      dataDir: '.data',
      demo: { enabled: true },
    });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig({ PORT: '', JWT_SECRET: '' }).api.port).toBeUndefined();
  });

  it('is refused with every mistake at once', () => {
    const wrong = { PORT: '70000', DATABASE_URL: 'nowhere', DEMO_DATA: 'maybe' };
    expect(() => readConfig(wrong)).toThrow(ConfigError);
    expect(() => readConfig(wrong)).toThrow(/PORT: [^]*DATABASE_URL: [^]*DEMO_DATA: /);
  });

  it('names origins and proxies with commas between them, and nothing that is neither', () => {
    const given = {
      CORS_ORIGINS: 'https://desk.acme.example, http://localhost:5173',
      TRUSTED_PROXIES: '10.0.0.0/8,::1',
    };
    expect(readConfig(given).api.network).toEqual({
      origins: ['https://desk.acme.example', 'http://localhost:5173'],
      proxies: ['10.0.0.0/8', '::1'],
    });
    for (const wrong of ['*', 'https://acme.example/path', 'acme.example']) {
      expect(() => readConfig({ CORS_ORIGINS: wrong })).toThrow(/CORS_ORIGINS: /);
    }
    expect(() => readConfig({ TRUSTED_PROXIES: 'proxy.acme.example' })).toThrow(/TRUSTED_PROXIES/);
  });

  it('names hosts inside that may be called, and no addresses of the web', () => {
    const given = { HOLDFAST_CONNECTION_HOSTS: 'idm.internal,[::1]:8443' };
    expect(readConfig(given).connections.hosts).toEqual(['idm.internal', '[::1]:8443']);
    for (const wrong of ['https://idm.internal', '10.0.0.0/8', '*']) {
      expect(() => readConfig({ HOLDFAST_CONNECTION_HOSTS: wrong })).toThrow(/CONNECTION_HOSTS: /);
    }
  });

  it('of a service process must name database, engine and secret', () => {
    const whole = {
      DATABASE_URL: 'postgres://holdfast_app@127.0.0.1:5433/holdfast',
      TEMPORAL_ADDRESS: '127.0.0.1:7233',
      JWT_SECRET: 'x'.repeat(32),
    };
    expect(serviceConfig(readConfig(whole))).toMatchObject({
      database: { url: whole.DATABASE_URL },
      temporal: { address: whole.TEMPORAL_ADDRESS },
      auth: { secret: whole.JWT_SECRET },
    });
    for (const name of Object.keys(whole)) {
      expect(() => serviceConfig(readConfig({ ...whole, [name]: '' }))).toThrow(ConfigError);
    }
    const posting = { ...whole, SMTP_URL: 'smtp://127.0.0.1:25' };
    expect(() => serviceConfig(readConfig(posting))).toThrow(/MAIL_FROM/);
    const sending = {
      ...posting,
      MAIL_FROM: 'Desk <desk@acme.example>',
      PUBLIC_URL: 'https://acme.example/',
    };
    expect(serviceConfig(readConfig(sending)).mail).toEqual({
      smtpUrl: 'smtp://127.0.0.1:25',
      from: 'Desk <desk@acme.example>',
      publicUrl: 'https://acme.example',
    });
    const wrong = { SMTP_URL: 'https://acme.example', MAIL_FROM: 'nobody', PUBLIC_URL: 'acme' };
    expect(() => readConfig(wrong)).toThrow(/SMTP_URL: [^]*MAIL_FROM: [^]*PUBLIC_URL: /);
  });
});
