/** zod's findings as issues with JSON pointers: every one of them, each at the place that is wrong. */
import type { z } from 'zod';
import type { InputIssue } from '../../../models/errors';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

const required = 'is required';

/** For `safeParse`: a missing field is called missing rather than a wrong type. */
export const wording = {
  error: (issue: { input?: unknown; code: string }) =>
    issue.input === undefined && issue.code !== 'custom' ? required : undefined,
};

/** Issues of one part of the input; `prefix` is a pointer such as `/query`. */
export function issuesOf(error: z.ZodError, prefix = ''): InputIssue[] {
  return error.issues.flatMap((issue) => flatten(issue, [])).map((found) => present(found, prefix));
}

export function pointerOf(path: Path): string {
  return path.map((step) => `/${escaped(String(step))}`).join('');
}

interface Found {
  readonly path: Path;
  readonly code: string;
  readonly detail: string;
}

function flatten(issue: Issue, parents: Path): Found[] {
  const path = [...parents, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      code: 'unknown_field',
      detail: 'is not a known field',
    }));
  }
  const nearest = issue.code === 'invalid_union' ? nearestBranch(issue.errors) : [];
  if (nearest.length > 0) return nearest.flatMap((inner) => flatten(inner, path));
  const code = issue.message === required ? 'required' : codeOf(issue);
  return [{ path, code, detail: issue.message }];
}

/** Of the alternatives of a union the one that the input is nearest to. */
function nearestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const [nearest = []] = [...branches].sort((a, b) => a.length - b.length);
  return nearest;
}

/** A custom issue may name its own code: `params: { code: 'unknown_field' }`. */
function codeOf(issue: Issue): string {
  if (issue.code !== 'custom') return issue.code;
  const named: unknown = issue.params?.['code'];
  return typeof named === 'string' ? named : 'invalid';
}

function present(found: Found, prefix: string): InputIssue {
  return { pointer: prefix + pointerOf(found.path), detail: found.detail, code: found.code };
}

function escaped(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}
