import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, ask } from '@/api/client';
import type { Draft } from './history';
import { bodyOf } from './publish';
import { useRested } from './use-rested';

/** How long the draft has to rest before the server is asked. */
const REST_MS = 350;

/** What the server finds in a draft, test cases included: the same engine that will enforce it. */
export function useCheck({ text, cases }: Draft) {
  const body = bodyOf({ text, cases });
  const rested = useRested(body, REST_MS);
  const check = useQuery({
    queryKey: ['check', rested],
    queryFn: () =>
      ask(
        api.POST('/v1/policies/check', {
          body: {},
          bodySerializer: () => rested,
          headers: { 'content-type': 'application/json' },
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  const now = !check.isPlaceholderData && rested === body;
  return {
    problems: check.data?.problems ?? [],
    caseProblems: check.data?.case_problems ?? [],
    cases: check.data?.cases ?? [],
    /** Whether this very draft is known to be accepted. */
    valid: check.data?.valid === true && now,
    checking: !now || check.isFetching,
    error: check.error,
  };
}
