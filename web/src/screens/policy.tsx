import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { problemOf } from '@/api/problem';
import { policy as policyQuery, tools } from '@/api/queries';
import { recordedCall } from '@/log/detail';
import { PolicyEditor } from '@/policy/editor';
import { advice } from '@/policy/from-catalog';
import type { Seed } from '@/policy/seed';
import { useOrg, useRefusal } from '@/shell/use-org';
import { ProblemNotice } from '@/ui/problem';
import { Page, Skeleton } from '@/ui/surface';

export function Policy() {
  const { org } = useOrg();
  const { server, policy } = useParams({ from: '/inside/o/$org/servers/$server/policies/$policy' });
  const { event, as, catalog, tool } = useSearch({ from: '/inside/o/$org/servers/$server/policies/$policy' });
  const mayRead = useRefusal('policies') === undefined;
  const published = useQuery(policyQuery(org, server, policy));
  const list = useQuery(tools(org, server));
  // The recorded call that somebody comes with, with its values where they were captured.
  const recorded = useQuery({ ...recordedCall(org, event ?? '', mayRead), enabled: event !== undefined });
  // What the catalogue recommends is a help, not a need: without it the editor opens and says so.
  const advised = catalog !== undefined && tool !== undefined;
  const recommends = useQuery({ ...advice(catalog ?? '', tool ?? ''), enabled: advised, retry: false });
  const error = published.error ?? list.error ?? recorded.error;
  if (error) {
    return (
      <Page title={policy}>
        <ProblemNotice error={error} retry={() => void Promise.all([published.refetch(), list.refetch()])} />
      </Page>
    );
  }
  const waiting = (event !== undefined && !recorded.data) || (advised && recommends.isPending);
  if (published.data === undefined || !list.data || waiting) return <Skeleton rows={8} />;
  const seed: Seed | undefined =
    recorded.data && as
      ? { as, event: recorded.data }
      : advised
        ? {
            as: 'recommended',
            advice: {
              server: catalog,
              tool,
              policy: recommends.data ?? null,
              why: recommends.error ? problemOf(recommends.error).message : undefined,
            },
          }
        : undefined;
  return (
    <PolicyEditor
      key={`${org} ${server} ${policy}`}
      place={{ org, server, policy }}
      published={published.data}
      tools={list.data}
      seed={seed}
    />
  );
}
