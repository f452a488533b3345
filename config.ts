/** The only reader of the environment: parsed once, every mistake reported together, then frozen. */
import { join } from 'node:path';
import { z } from 'zod';
import { allowedHost } from './models/connections/target';

const port = z.coerce.number().int().min(1).max(65_535);
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** Values with commas between them. */
function parts(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function list(item: z.ZodType, message: string) {
  const isRight = (text: string) => parts(text).every((part) => item.safeParse(part).success);
  return z.string().default('').refine(isRight, message);
}

const origin = z
  .url({ protocol: /^https?$/ })
  .refine((url) => URL.canParse(url) && new URL(url).origin === url);
const connectionHost = z.string().regex(allowedHost);
const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);

/** One entry per variable; `.env.example` is held against these names and descriptions by a test. */
export const Environment = z.object({
  PORT: port.optional().describe('Port of the API; default 3000, or the next free one.'),
  HOST: z.string().default('127.0.0.1').describe('Address that the API listens on.'),
  CORS_ORIGINS: list(origin, 'names something that is no origin').describe(
    'Origins whose pages may call the API from a browser, with commas between them.',
  ),
  TRUSTED_PROXIES: list(network, 'names something that is no address or network').describe(
    'Addresses and networks of proxies whose X-Forwarded-For is believed, with commas.',
  ),
  METRICS_PORT: port
    .optional()
    .describe(
      'Port of /metrics and /health of a process; default: a free one. npm start: 9464, worker the next.',
    ),
  METRICS_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('Address that METRICS_PORT listens on: without sign-in, so never a public one.'),
  POSTGRES_PORT: port.optional().describe('Port of the embedded PostgreSQL; default 5433.'),
  TEMPORAL_PORT: port.optional().describe('Port of the embedded Temporal server; default 7233.'),
  TEMPORAL_UI_PORT: port.optional().describe('Port of the Temporal Web UI; default 8233.'),
  DATA_DIR: z.string().default('.data').describe('Folder of everything that must last.'),
  DATABASE_URL: z
    .url()
    .optional()
    .describe('PostgreSQL as the application role (no superuser). Unset: embedded.'),
  DATABASE_OWNER_URL: z
    .url()
    .optional()
    .describe('PostgreSQL as the owner of the tables; used by migrations only.'),
  DATABASE_OPERATOR_URL: z
    .url()
    .optional()
    .describe('PostgreSQL as the operator of organizations; used by npm run ops only.'),
  DATABASE_POOL_MAX: z.coerce
    .number()
    .int()
    .min(2)
    .max(200)
    .default(12)
    .describe('Connections per process.'),
  TEMPORAL_ADDRESS: z.string().optional().describe('host:port of Temporal. Unset: embedded.'),
  TEMPORAL_NAMESPACE: z.string().default('default').describe('Temporal namespace.'),
  TEMPORAL_TASK_QUEUE: z.string().default('holdfast').describe('Task queue of the lives.'),
  TEMPORAL_CLI: z.string().optional().describe('Path of the temporal command line program.'),
  JWT_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe('Signs access tokens and cursors. Embedded: generated once and kept in DATA_DIR.'),
  DEMO_DATA: flag
    .optional()
    .describe('Load the organizations acme and globex; default: only when PostgreSQL is embedded.'),
  DEMO_PASSWORD: z
    .string()
    .min(8)
    .optional()
    .describe('Password of all demo people. Unset: generated once and kept in DATA_DIR.'),
  RATE_LIMIT_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(60)
    .default(60_000)
    .describe('Requests that one person or program may make, over all API processes.'),
  LOGIN_LIMIT_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(10)
    .default(300)
    .describe('Sign-ins from one address: a whole office may be behind it.'),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe('SMTP server for mail, `smtp://user:password@host:587`. Unset: mail is kept.'),
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*[^\s<>@]+@[^\s<>@]+>?$/, 'is no address')
    .optional()
    .describe('Sender of mail, `Service desk <desk@example.org>`; needed with SMTP_URL.'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where people reach this installation: base of links. Default: HOST and PORT.'),
  HOLDFAST_CONNECTION_HOSTS: list(connectionHost, 'names something that is no host').describe(
    'Hosts inside the network, with or without port, that automatic tasks may call, with commas.',
  ),
  ATTACHMENTS_MAX_MIB: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_024)
    .default(25)
    .describe('How large a file of a ticket may be, in MiB.'),
  ATTACHMENTS_FOLDER: z
    .string()
    .optional()
    .describe('Folder of the files of tickets, the same for all processes. Unset: in DATA_DIR.'),
  ATTACHMENTS_S3_BUCKET: z
    .string()
    .optional()
    .describe('Bucket of the files of tickets, in place of a folder.'),
  ATTACHMENTS_S3_REGION: z.string().default('us-east-1').describe('Region of that bucket.'),
  ATTACHMENTS_S3_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address of a store that speaks like S3. Unset: that of AWS.'),
  ATTACHMENTS_S3_ACCESS_KEY_ID: z
    .string()
    .optional()
    .describe('Key for the bucket. Unset: whom the machine says that it is.'),
  ATTACHMENTS_S3_SECRET_ACCESS_KEY: z
    .string()
    .optional()
    .describe('Its secret; needed with ATTACHMENTS_S3_ACCESS_KEY_ID.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least severity that is logged.'),
});

/** The parsed environment, in the product's words. */
export type Config = Readonly<ReturnType<typeof arrange>>;

/** Every mistake in the environment, one line each. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Reads the environment; throws a ConfigError that names every variable that is wrong. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(set);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`The environment is not usable:\n${lines.join('\n')}`);
  }
  return Object.freeze(arrange(parsed.data));
}

function arrange(env: z.infer<typeof Environment>) {
  return {
    api: {
      host: env.HOST,
      port: env.PORT,
      network: { origins: parts(env.CORS_ORIGINS), proxies: parts(env.TRUSTED_PROXIES) },
    },
    metrics: { host: env.METRICS_HOST, port: env.METRICS_PORT },
    postgres: { port: env.POSTGRES_PORT },
    database: {
      url: env.DATABASE_URL,
      ownerUrl: env.DATABASE_OWNER_URL,
      operatorUrl: env.DATABASE_OPERATOR_URL,
      poolMax: env.DATABASE_POOL_MAX,
    },
    temporal: {
      address: env.TEMPORAL_ADDRESS,
      port: env.TEMPORAL_PORT,
      uiPort: env.TEMPORAL_UI_PORT,
      cli: env.TEMPORAL_CLI,
      namespace: env.TEMPORAL_NAMESPACE,
      taskQueue: env.TEMPORAL_TASK_QUEUE,
    },
    auth: { secret: env.JWT_SECRET },
    limits: { perActor: env.RATE_LIMIT_PER_MINUTE, perAddress: env.LOGIN_LIMIT_PER_MINUTE },
    mail: {
      smtpUrl: env.SMTP_URL,
      from: env.MAIL_FROM ?? '',
      publicUrl: (env.PUBLIC_URL ?? `http://${env.HOST}:${env.PORT ?? 3000}`).replace(/\/+$/, ''),
    },
    connections: { hosts: parts(env.HOLDFAST_CONNECTION_HOSTS) },
    demo: {
      enabled: env.DEMO_DATA ?? env.DATABASE_URL === undefined,
      password: env.DEMO_PASSWORD,
    },
    attachments: attachmentsOf(env),
    dataDir: env.DATA_DIR,
    logLevel: env.LOG_LEVEL,
  };
}

function attachmentsOf(env: z.infer<typeof Environment>) {
  const { ATTACHMENTS_S3_ACCESS_KEY_ID: accessKeyId, ATTACHMENTS_S3_BUCKET: bucket } = env;
  const secretAccessKey = env.ATTACHMENTS_S3_SECRET_ACCESS_KEY ?? '';
  return {
    mostBytes: env.ATTACHMENTS_MAX_MIB * 2 ** 20,
    folder: env.ATTACHMENTS_FOLDER ?? join(env.DATA_DIR, 'attachments'),
    s3:
      bucket === undefined
        ? undefined
        : {
            bucket,
            region: env.ATTACHMENTS_S3_REGION,
            endpoint: env.ATTACHMENTS_S3_ENDPOINT,
            ...(accessKeyId !== undefined && { credentials: { accessKeyId, secretAccessKey } }),
          },
  };
}

/** What a service process cannot run without; throws a ConfigError that names what is missing. */
export function serviceConfig(config: Config) {
  const { url } = config.database;
  const { address } = config.temporal;
  const { secret } = config.auth;
  if (url === undefined || address === undefined || secret === undefined) {
    throw new ConfigError(
      'A service process needs DATABASE_URL, TEMPORAL_ADDRESS and JWT_SECRET (npm start sets them).',
    );
  }
  if (config.mail.smtpUrl !== undefined && config.mail.from === '') {
    throw new ConfigError('With SMTP_URL a service process needs MAIL_FROM, too.');
  }
  if (config.attachments.s3?.credentials?.secretAccessKey === '') {
    throw new ConfigError('ATTACHMENTS_S3_ACCESS_KEY_ID needs ATTACHMENTS_S3_SECRET_ACCESS_KEY.');
  }
  return {
    ...config,
    database: { ...config.database, url },
    temporal: { ...config.temporal, address },
    auth: { secret },
  };
}

export type ServiceConfig = ReturnType<typeof serviceConfig>;
