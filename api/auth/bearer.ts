/** Passport turns a bearer token into an actor. Nothing else than the Authorization header is read. */
import type { Request, RequestHandler, Response } from 'express';
import { Passport, type AuthenticateCallback } from 'passport';
import { Strategy } from 'passport-http-bearer';
import { Refusal } from '../../models/errors';
import { roles, type Actor } from '../../models/users/actor';

/** `address` is that of the caller. */
export type ActorOf = (token: string, address: string) => Promise<Actor | undefined>;
type Done = (error: unknown, user?: Actor | false) => void;
export type Authenticate = (request: Request, response: Response) => Promise<Actor>;

/** The actor of a request; throws unauthenticated. */
export function bearerAuthentication(actorOf: ActorOf): Authenticate {
  const passport = new Passport();
  passport.use(
    new Strategy({ passReqToCallback: true }, (request: Request, token: string, done: Done) => {
      actorOf(token, request.ip ?? '').then((actor) => {
        done(null, actor ?? false);
      }, done);
    }),
  );
  return (request, response) =>
    new Promise((resolve, reject) => {
      if (!/^bearer /i.test(request.get('authorization') ?? '')) {
        throw notSignedIn('Send an access token as Authorization: Bearer.');
      }
      const settle: AuthenticateCallback = (error, user) => {
        if (error) reject(error instanceof Error ? error : new Error('Authentication failed.'));
        else if (isActor(user)) resolve(user);
        else reject(notSignedIn('The access token is not valid or has expired.'));
      };
      const verify: unknown = passport.authenticate('bearer', { session: false }, settle);
      if (isMiddleware(verify)) verify(request, response, reject);
    });
}

function notSignedIn(message: string): Refusal {
  return new Refusal('unauthenticated', message);
}

/** Passport's types say `any`. */
function isMiddleware(value: unknown): value is RequestHandler {
  return typeof value === 'function';
}

/** Passport knows nothing of the type that the strategy gave it. */
function isActor(user: unknown): user is Actor {
  if (typeof user !== 'object' || user === null || !('role' in user)) return false;
  return roles.some((role) => role === user.role);
}
