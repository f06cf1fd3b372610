import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { problemOf } from '@/api/problem';
import { policy as policyQuery, tools } from '@/api/queries';
import { recordedCall } from '@/log/detail';
import { PolicyEditor, type Seed } from '@/policy/editor';
import { useOrg, useRefusal } from '@/shell/use-org';
import { ProblemNotice } from '@/ui/problem';
import { Page, Skeleton } from '@/ui/surface';

export function Policy() {
  const { org } = useOrg();
  const { server, policy } = useParams({ from: '/inside/o/$org/servers/$server/policies/$policy' });
  const { event, as } = useSearch({ from: '/inside/o/$org/servers/$server/policies/$policy' });
  const mayRead = useRefusal('policies') === undefined;
  const published = useQuery(policyQuery(org, server, policy));
  const list = useQuery(tools(org, server));
  // The recorded call that somebody comes with, with its values where they were captured.
  const recorded = useQuery({ ...recordedCall(org, event ?? '', mayRead), enabled: event !== undefined });
  const missing = published.error !== null && problemOf(published.error).status === 404;
  const error = (missing ? null : published.error) ?? list.error ?? recorded.error;
  if (error) {
    return (
      <Page title={policy}>
        <ProblemNotice error={error} retry={() => void Promise.all([published.refetch(), list.refetch()])} />
      </Page>
    );
  }
  const waiting = event !== undefined && !recorded.data;
  if ((!published.data && !missing) || !list.data || waiting) return <Skeleton rows={8} />;
  const seed: Seed | undefined = recorded.data && as ? { as, event: recorded.data } : undefined;
  return (
    <PolicyEditor
      key={`${org} ${server} ${policy} ${event ?? ''} ${as ?? ''}`}
      place={{ org, server, policy }}
      published={published.data ?? null}
      tools={list.data}
      seed={seed}
    />
  );
}
