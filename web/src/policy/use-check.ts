import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, ask } from '@/api/client';
import { useRested } from './use-rested';

/** How long the text has to rest before the server is asked. */
const REST_MS = 350;

/** What the server finds in a document: the same engine that will enforce it. */
export function useCheck(text: string) {
  const rested = useRested(text, REST_MS);
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
  return {
    problems: check.data?.problems ?? [],
    /** Whether this very text is known to be accepted. */
    valid: check.data?.valid === true && !check.isPlaceholderData && rested === text,
    checking: rested !== text || check.isFetching,
    error: check.error,
  };
}
