/** Holds docker-compose.yml against the code; whether containers come up is not tested here. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Environment, readConfig, serviceConfig } from '../config';

const checkout = join(__dirname, '..');
const text = read('docker-compose.yml');
const services = servicesOf(text);
const ours = ['migrate', 'api', 'worker'] as const;
const secretName = /PASSWORD|PWD|SECRET/;
const required = /\$\{\w+:\?[^}]*\}/g;
const optional = /\$\{(\w+):-([^}]*)\}/g;

describe('docker-compose.yml', () => {
  it('has the services of the cluster', () => {
    expect(Object.keys(services).sort()).toEqual([
      'api',
      'migrate',
      'postgres',
      'temporal',
      'temporal-namespace',
      'temporal-schema',
      'temporal-ui',
      'worker',
    ]);
  });

  it('gives our processes only variables that config.ts knows', () => {
    const given = ours.flatMap((name) => Object.keys(environmentOf(name)));
    expect(given.filter((variable) => !(variable in Environment.shape))).toEqual([]);
  });

  it.each(['api', 'worker'])('gives the %s values with which it can run', (name) => {
    expect(() => serviceConfig(readConfig(filled(environmentOf(name))))).not.toThrow();
  });

  it('hands mail settings to API and worker alike, and goes without them', () => {
    const settings = ['SMTP_URL', 'MAIL_FROM', 'PUBLIC_URL'];
    const mail = { SMTP_URL: 'smtp://mail.example:587', MAIL_FROM: 'Desk <desk@acme.example>' };
    const given = { ...mail, PUBLIC_URL: 'https://desk.acme.example' };
    for (const name of ['api', 'worker']) {
      const environment = environmentOf(name);
      expect(Object.keys(environment)).toEqual(expect.arrayContaining(settings));
      const bare = serviceConfig(readConfig(filled(environment))).mail;
      expect(bare).toEqual({ smtpUrl: undefined, from: '', publicUrl: 'http://127.0.0.1:3000' });
      const { smtpUrl, from, publicUrl } = readConfig(filled(environment, given)).mail;
      expect([smtpUrl, from, publicUrl]).toEqual(Object.values(given));
    }
  });

  it('tells API and worker alike which hosts inside connections may lead to', () => {
    const given = { HOLDFAST_CONNECTION_HOSTS: 'idm.internal, 10.1.2.3:8443' };
    for (const name of ['api', 'worker']) {
      const { connections } = readConfig(filled(environmentOf(name), given));
      expect(connections.hosts).toEqual(['idm.internal', '10.1.2.3:8443']);
      expect(readConfig(filled(environmentOf(name))).connections.hosts).toEqual([]);
    }
  });

  it('lets the API be told which pages and proxies to trust', () => {
    const given = { CORS_ORIGINS: 'https://desk.acme.example', TRUSTED_PROXIES: '10.0.0.0/8' };
    const { network } = readConfig(filled(environmentOf('api'), given)).api;
    expect(network).toEqual({ origins: [given.CORS_ORIGINS], proxies: [given.TRUSTED_PROXIES] });
  });

  it('keeps the keys to the tables from API and worker', () => {
    expect(environmentOf('migrate')).toHaveProperty('DATABASE_OWNER_URL');
    for (const name of ['api', 'worker']) {
      expect(environmentOf(name)).not.toHaveProperty('DATABASE_OWNER_URL');
      expect(environmentOf(name)['DATABASE_URL']).toContain('//holdfast_app:');
    }
  });

  it('waits only for services that there are', () => {
    const awaited = Object.values(services).flatMap(({ awaits }) => awaits.map(([name]) => name));
    expect(awaited).toContain('temporal-namespace');
    expect(awaited.filter((name) => !(name in services))).toEqual([]);
  });

  it('waits for jobs until they ended well, and for servers until they are healthy', () => {
    const jobs = ['migrate', 'temporal-schema', 'temporal-namespace'];
    for (const [name, condition] of Object.values(services).flatMap(({ awaits }) => awaits)) {
      const isJob = jobs.includes(name);
      expect([name, condition]).toEqual([
        name,
        isJob ? 'service_completed_successfully' : 'service_healthy',
      ]);
      // Waiting for the health of a service that nobody asks for it would never end.
      if (!isJob) expect(services[name]?.lines).toContain('    healthcheck:');
      expect(services[name]?.lines).toContain(
        `    restart: ${isJob ? 'on-failure' : 'unless-stopped'}`,
      );
    }
  });

  it('runs PostgreSQL 16 and Temporal 1.32, its tools of the same version as its server', () => {
    const imageOf = (name: string) =>
      /^ {4}image: (.+)$/m.exec(services[name]?.lines.join('\n') ?? '')?.[1];
    expect(imageOf('postgres')).toBe('postgres:16');
    const version = /^temporalio\/server:(1\.32\.\d+)$/.exec(imageOf('temporal') ?? '')?.[1] ?? '';
    expect(version).not.toBe('');
    for (const job of ['temporal-schema', 'temporal-namespace']) {
      expect(imageOf(job)).toBe(`temporalio/admin-tools:${version}`);
    }
    expect(imageOf('temporal-ui')).toMatch(/^temporalio\/ui:2\.\d+\.\d+$/);
  });

  it('keeps what must last in a volume that has a name', () => {
    expect(matches(/^ {6}- (\w+):\/var\/lib\//gm)).toEqual(['postgres']);
    expect(text).toMatch(/^volumes:\n {2}postgres:$/m);
  });

  it('asks the API at the port on which it listens, and publishes that one to this host only', () => {
    const { PORT: port = '' } = environmentOf('api');
    expect(port).not.toBe('');
    const lines = services['api']?.lines.join('\n') ?? '';
    expect(lines).toContain(`http://127.0.0.1:${port}/health/ready`);
    expect(lines).toContain(`- 127.0.0.1:${port}:${port}`);
    for (const published of matches(/^ {4}ports:\n {6}- (.+)$/gm)) {
      expect(published).toMatch(/^127\.0\.0\.1:/);
    }
  });

  it('has one Temporal at one address for all who use it', () => {
    const users = ['api', 'worker', 'temporal-ui', 'temporal-namespace'];
    const addresses = users.map((name) => environmentOf(name)['TEMPORAL_ADDRESS']);
    expect(new Set(addresses)).toEqual(new Set(['temporal:7233']));
    const { TEMPORAL_NAMESPACE: made } = environmentOf('temporal-namespace');
    for (const name of ['api', 'worker']) {
      expect(environmentOf(name)['TEMPORAL_NAMESPACE']).toBe(made);
    }
  });

  it('contains no secret: each comes from outside and must be given', () => {
    const values = Object.values(services).flatMap(({ environment }) =>
      Object.entries(environment).flatMap(([name, value]) => (secretName.test(name) ? value : [])),
    );
    const inAddresses = [...text.matchAll(/:\/\/\w+:(.+?)@/g)].map(([, secret = '']) => secret);
    expect(values.length).toBeGreaterThan(4);
    expect(inAddresses.length).toBeGreaterThan(4);
    for (const secret of [...values, ...inAddresses]) {
      expect(secret).toMatch(/^\$\{\w+:\?[^}]+\}$/);
    }
  });

  it('asks for exactly the secrets that deploy/make-secrets.sh makes', () => {
    const made = /for name in (.*); do/.exec(read('deploy/make-secrets.sh'))?.[1]?.split(' ');
    expect([...new Set(matches(/\$\{(\w+):\?/g))].sort()).toEqual([...(made ?? [])].sort());
  });

  it('mounts and runs files that there are', () => {
    const mounted = matches(/- \.\/([\w/.-]+):/g);
    const programs = matches(/(?:tsx', '|- (?=scripts))([\w/.-]+)/g);
    const shells = matches(/ '?\/deploy\/([\w.-]+)/g).map((file) => `deploy/temporal/${file}`);
    const named = [...mounted, ...programs, ...shells];
    expect(named).toEqual(
      expect.arrayContaining([
        ...['deploy/postgres', 'deploy/temporal', 'api/main.ts', 'worker.ts', 'scripts/migrate.ts'],
        ...['deploy/temporal/schema.sh', 'deploy/temporal/dynamic-config.yaml'],
      ]),
    );
    expect(named.filter((path) => !existsSync(join(checkout, path)))).toEqual([]);
  });
});

interface Service {
  readonly environment: Readonly<Record<string, string>>;
  /** Whom it waits for, until when. */
  readonly awaits: readonly (readonly [name: string, condition: string])[];
  readonly lines: readonly string[];
}

function read(path: string): string {
  return readFileSync(join(checkout, path), 'utf8');
}

/** The first group of each match in the file. */
function matches(pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found = '']) => found);
}

function environmentOf(name: string): Readonly<Record<string, string>> {
  const { environment } = services[name] ?? { environment: {} };
  if (Object.keys(environment).length === 0) throw new Error(`${name} has no environment`);
  return environment;
}

/** As compose would hand it over, with these in its own environment beside the secrets. */
function filled(
  environment: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const secret = 'x'.repeat(48);
  const fill = (value: string) =>
    value
      .replace(required, secret)
      .replace(optional, (_, name: string, otherwise: string) => given[name] ?? otherwise);
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, fill(value)]),
  );
}

/** The file as far as it matters here: services, and below them maps of one line an entry. */
function servicesOf(file: string): Record<string, Service> {
  const [, body = ''] = file.split(/^services:\n/m);
  const [own = ''] = body.split(/^\S/m);
  const blocks = own.split(/^ {2}(?=[\w-]+:$)/m).slice(1);
  return Object.fromEntries(
    blocks.map((block) => {
      const [head = '', ...lines] = block.split('\n');
      const environment = Object.fromEntries(
        section(lines, 'environment').map((line) => entryOf(line)),
      );
      const awaits = [...lines.join('\n').matchAll(/^ {6}([\w-]+):\n {8}condition: (\w+)$/gm)].map(
        ([, name = '', condition = '']) => [name, condition] as const,
      );
      return [head.slice(0, -1), { environment, awaits, lines }];
    }),
  );
}

function entryOf(line: string): [name: string, value: string] {
  const at = line.indexOf(': ');
  return [line.slice(0, at), line.slice(at + 2)];
}

/** The entries of one key of a service, two steps in; comments left out. */
function section(lines: readonly string[], key: string): string[] {
  const from = lines.indexOf(`    ${key}:`);
  if (from < 0) return [];
  const rest = lines.slice(from + 1);
  const end = rest.findIndex((line) => !line.startsWith('      '));
  return rest
    .slice(0, end < 0 ? undefined : end)
    .filter((line) => /^ {6}[\w-]/.test(line))
    .map((line) => line.trim());
}
