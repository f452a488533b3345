/** My second factor: set up, confirmed, renewed, taken away. */
import { toString as drawn } from 'qrcode';
import { z } from 'zod';
import { recordAct, type Act } from '../../models/audit/record';
import type { Tx } from '../../models/database';
import { Refusal, invalid } from '../../models/errors';
import { toInstant } from '../../models/instant';
import { provePassword } from '../auth/change-password';
import {
  factorOf,
  isOn,
  ownerOf,
  propose,
  renewRecoveryCodes,
  takeAway,
  turnOn,
} from '../auth/second-factor/factor';
import type { Seal } from '../../models/seal';
import { newTotpSecret, provisioningUriOf } from '../auth/second-factor/totp';
import { endSessions, freshen } from '../auth/session';
import type { SignInSources } from '../auth/sign-in';
import { refuseStale } from '../http/admission';
import { Code, Password } from '../http/input/fields';
import { doerOf, type By } from '../http/request';
import { defineRoute, type Route } from '../http/route';

const SecondFactor = z
  .object({
    onSince: z.iso.datetime().nullable().describe('Null: it is off.'),
    recoveryCodesLeft: z.int(),
    isRequired: z.boolean().describe('My role must have one.'),
  })
  .meta({ id: 'SecondFactor' });

const Enrolment = z
  .object({
    secret: z.string().describe('Base 32, to be typed where no code can be scanned.'),
    provisioningUri: z.string().describe('What the QR code says: `otpauth://totp/…`.'),
    qrCode: z.string().describe('SVG.'),
  })
  .meta({ id: 'SecondFactorEnrolment' });

const RecoveryCodes = z
  .object({
    recoveryCodes: z.array(z.string()).describe('Each opens the door once. Not shown again.'),
  })
  .meta({ id: 'RecoveryCodes' });

export interface FactorSources extends SignInSources {
  readonly seal: Seal;
}

const mine = { path: '/me/second-factor', tag: 'Me', access: 'person', secret: true } as const;
const enrolment = { ...mine, despite: ['secondFactor'] } as const;

export function secondFactorRoutes(sources: FactorSources): Route[] {
  return [
    standingRoute(sources),
    beginRoute(sources),
    confirmRoute(sources),
    renewRoute(sources),
    removeRoute(sources),
  ];
}

function standingRoute({ database }: FactorSources): Route {
  return defineRoute({
    ...enrolment,
    method: 'get',
    summary: 'Whether I have a second factor.',
    reply: { status: 200, description: 'How it stands.', body: SecondFactor },
    handle: async ({ actor }) => {
      const { onSince, recoveryCodesLeft, isRequired } = await database.inOrganization(
        actor.organizationId,
        (tx) => factorOf(tx, actor.id),
      );
      return { body: { onSince: onSince && toInstant(onSince), recoveryCodesLeft, isRequired } };
    },
  });
}

function beginRoute(sources: FactorSources): Route {
  const { database, seal } = sources;
  return defineRoute({
    ...enrolment,
    method: 'post',
    limitedBy: 'address',
    summary: 'Begin to set up a second factor.',
    description:
      'Scan the QR code with an authenticator app and confirm within 30 minutes. Whoever has one already ' +
      'replaces it, which needs a fresh factor; the old one stays on until then.',
    body: z.strictObject({ password: Password }),
    reply: { status: 200, description: 'To be confirmed.', body: Enrolment },
    handle: async ({ actor, body }) => {
      await provePassword(sources, actor, { ...body, pointer: '/password' });
      const secret = newTotpSecret();
      await database.inOrganization(actor.organizationId, async (tx) => {
        if (await isOn(tx, actor.id)) refuseStale(actor);
        await propose(tx, actor.id, seal.close(secret, ownerOf(tx, actor.id)));
      });
      const issuer = `Holdfast ${actor.organizationSlug}`;
      const provisioningUri = provisioningUriOf(secret, issuer, actor.email);
      const qrCode = await drawn(provisioningUri, { type: 'svg' });
      return { body: { secret, provisioningUri, qrCode } };
    },
  });
}

function confirmRoute({ database, seal }: FactorSources): Route {
  return defineRoute({
    ...enrolment,
    method: 'post',
    path: `${mine.path}/actions/confirm`,
    limitedBy: 'address',
    summary: 'Turn the second factor on with its first code.',
    description: 'All other sessions end. Keep the recovery codes: they are not shown again.',
    body: z.strictObject({ code: Code }),
    reply: { status: 200, description: 'It is on.', body: RecoveryCodes },
    handle: async ({ actor, body, request }) => {
      const recoveryCodes = await database.inOrganization(actor.organizationId, async (tx) => {
        if (!(await turnOn(tx, seal, actor.id, body.code))) throw wrongCode();
        await endSessions(tx, actor.id, actor.sessionId);
        await freshen(tx, actor.sessionId);
        await note(tx, { actor, request }, 'person.secondFactorTurnedOn');
        return renewRecoveryCodes(tx, actor.id);
      });
      return { body: { recoveryCodes } };
    },
  });
}

function renewRoute({ database }: FactorSources): Route {
  return defineRoute({
    ...mine,
    method: 'post',
    path: `${mine.path}/actions/renew-recovery-codes`,
    freshFactor: true,
    summary: 'Get new recovery codes; the old ones are void.',
    reply: { status: 200, description: 'Ten new ones.', body: RecoveryCodes },
    handle: async ({ actor, request }) => {
      const recoveryCodes = await database.inOrganization(actor.organizationId, async (tx) => {
        const codes = await renewRecoveryCodes(tx, actor.id);
        await note(tx, { actor, request }, 'person.recoveryCodesRenewed');
        return codes;
      });
      return { body: { recoveryCodes } };
    },
  });
}

function removeRoute({ database }: FactorSources): Route {
  return defineRoute({
    ...mine,
    method: 'delete',
    ifMatch: false,
    freshFactor: true,
    summary: 'Turn my second factor off.',
    description: 'Refused for a role that must have one; such a one is replaced instead.',
    reply: { status: 204, description: 'It is off.' },
    handle: async ({ actor, request }) => {
      await database.inOrganization(actor.organizationId, async (tx) => {
        if ((await factorOf(tx, actor.id)).isRequired) {
          throw new Refusal('conflict', 'Your role must have a second factor.');
        }
        if (!(await takeAway(tx, actor.id))) return;
        await note(tx, { actor, request }, 'person.secondFactorTurnedOff');
      });
      return {};
    },
  });
}

export function wrongCode(): Refusal {
  return invalid(
    '/code',
    'is wrong or was used, or too many attempts have locked it',
    'wrong_code',
  );
}

async function note(tx: Tx, by: By, action: Act['action']): Promise<void> {
  const { id, name } = by.actor;
  await recordAct(tx, doerOf(by), { action, target: { type: 'person', id, name } });
}
