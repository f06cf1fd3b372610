import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { problemOf } from '@/api/problem';
import { policy as policyQuery, tools } from '@/api/queries';
import { PolicyEditor } from '@/policy/editor';
import { useOrg } from '@/shell/use-org';
import { ProblemNotice } from '@/ui/problem';
import { Page, Skeleton } from '@/ui/surface';

export function Policy() {
  const { org } = useOrg();
  const { server, policy } = useParams({ from: '/inside/o/$org/servers/$server/policies/$policy' });
  const published = useQuery(policyQuery(org, server, policy));
  const list = useQuery(tools(org, server));
  const missing = published.error !== null && problemOf(published.error).status === 404;
  const error = (missing ? null : published.error) ?? list.error;
  if (error) {
    return (
      <Page title={policy}>
        <ProblemNotice error={error} retry={() => void Promise.all([published.refetch(), list.refetch()])} />
      </Page>
    );
  }
  if ((!published.data && !missing) || !list.data) return <Skeleton rows={8} />;
  return (
    <PolicyEditor
      key={`${org} ${server} ${policy}`}
      place={{ org, server, policy }}
      published={published.data ?? null}
      tools={list.data}
    />
  );
}
