/** What people do with a problem. */
import { command } from './story';

export const investigate = (by: string) => command(by, 'investigate');

export const analyse = (by: string, summary: string, ...whys: readonly string[]) =>
  command(by, 'analyse', () => ({ summary, whys }));

/** Requesters read it, too, once it is published. */
export const proposeWorkaround = (by: string, text: string) =>
  command(by, 'proposeWorkaround', () => ({ text, isPublic: true }));

export const publishWorkaround = (by: string) => command(by, 'publishWorkaround');

export const withdrawWorkaround = (by: string, reason: string) =>
  command(by, 'withdrawWorkaround', () => ({ reason }));

export const recordKnownError = (by: string, symptoms: string) =>
  command(by, 'recordKnownError', () => ({ symptoms, isPublic: true }));

export const publishKnownError = (by: string) => command(by, 'publishKnownError');

export const retireKnownError = (by: string, reason: string) =>
  command(by, 'retireKnownError', () => ({ reason }));

export const startFix = (by: string, fixer: 'us' | 'vendor') =>
  command(by, 'startFix', () => ({ by: fixer }));

export const reportRecurrence = (by: string, note: string) =>
  command(by, 'reportRecurrence', () => ({ note }));

export const review = (by: string, findings: string) => command(by, 'review', () => ({ findings }));
