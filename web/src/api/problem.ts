import type { components } from './schema';

export type ProblemBody = components['schemas']['Problem'];
export type ProblemItem = components['schemas']['ProblemItem'];

/** An answer of the API that is not a success, or no answer at all. */
export class ApiProblem extends Error {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly requestId: string | null;
  readonly items: ProblemItem[];

  constructor(body: Pick<ProblemBody, 'code' | 'status' | 'title' | 'detail'> & Partial<ProblemBody>) {
    super(body.detail);
    this.name = 'ApiProblem';
    this.code = body.code;
    this.status = body.status;
    this.title = body.title;
    this.requestId = body.request_id ?? null;
    this.items = body.problems ?? [];
  }

  /** What is said about one field of the body. */
  field(pointer: string): string | undefined {
    return this.items.find((item) => item.pointer === pointer)?.message;
  }
}

function isProblem(value: unknown): value is ProblemBody {
  return typeof value === 'object' && value !== null && 'code' in value && 'detail' in value;
}

/** Whatever went wrong, as one kind of thing. */
export function problemOf(error: unknown, status = 0): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (isProblem(error)) return new ApiProblem(error);
  if (status === 0) {
    return new ApiProblem({
      code: 'unreachable',
      status: 0,
      title: 'No answer',
      detail:
        'The server did not answer. Is it running, and is this machine online? It is safe to try again.',
    });
  }
  return new ApiProblem({
    code: 'unexpected',
    status,
    title: 'Unexpected answer',
    detail: `The server answered with status ${status} and nothing that this page understands.`,
  });
}

const HINTS: Record<string, string> = {
  forbidden: 'Your role does not include this. An admin of the organisation can do it or change your role.',
  unauthenticated: 'Sign in again to go on.',
  conflict: 'Somebody or something was first. Look at what is there now, then decide.',
  throttled: 'Wait a little and try again.',
  sign_in_closed: 'Choose “Forgot your password?” to get that mail.',
  address_refused:
    'Addresses inside private networks are refused unless the operator allows them (--allow-upstream).',
  upstream_unreachable: 'Check the address, and that the server runs and is reachable from this gateway.',
  upstream_protocol: 'Check the path: MCP servers usually answer at /mcp. Does it need a header to sign in?',
  invalid_policy: 'Every problem is listed with its place in the document.',
};

/** What to do about a problem, where there is something general to say. */
export function hintOf(problem: ApiProblem): string | undefined {
  return HINTS[problem.code];
}
