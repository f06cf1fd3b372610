import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { servers } from '@/api/queries';
import { AddServer } from '@/servers/add-server';
import { FIRST_POLICY } from '@/servers/policy-list';
import { sameAddress, type Wanted } from '@/servers/wanted';
import { Unconfirmed } from '@/shell/unconfirmed';
import { useOrg, useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Card, CardHead, Page } from '@/ui/surface';

/** Registers the server of a catalogue page, and goes on to its policy with the rule of the tool that the way began at. */
export function RegisterServer() {
  const { org } = useOrg();
  const wanted = useSearch({ from: '/inside/o/$org/register' });
  const navigate = useNavigate();
  const refusal = useRefusal('servers');
  const list = useQuery(servers(org));
  const known = list.data?.find((server) => wanted.url && sameAddress(server.url, wanted.url));
  const goOn = (server: string) => void navigate(onward(org, server, wanted));
  return (
    <Page
      title={`Register ${wanted.name ?? 'a server'}`}
      lead={
        wanted.tool
          ? `Then its policy opens with what is recommended for ${wanted.tool}.`
          : 'Then a policy is recommended for its tools.'
      }
      refusal={refusal}
    >
      <Unconfirmed />
      {known && (
        <Card className="flex flex-wrap items-center gap-x-4 gap-y-2 p-5">
          <p className="min-w-0 grow basis-64">{known.name} is registered at this address already.</p>
          <Button look="main" onClick={() => goOn(known.slug)}>
            Go to its policy
          </Button>
        </Card>
      )}
      {refusal ? (
        <p className="text-soft">
          Send the address of this page to an admin of {org}; it holds all they need.
        </p>
      ) : (
        <Card>
          <CardHead
            title="Where it is"
            lead={
              wanted.url
                ? 'Filled in from the catalogue. Check the address: calls and credentials go there.'
                : 'The catalogue knows no address of it. Ask its makers, or run it yourself.'
            }
          >
            {wanted.catalog && (
              <Button asChild small look="quiet">
                <a href={`/catalog/${encodeURIComponent(wanted.catalog)}`}>Its page in the catalogue</a>
              </Button>
            )}
          </CardHead>
          <div className="px-5 pb-5">
            <AddServer
              key={`${wanted.url} ${wanted.name}`}
              url={wanted.url}
              name={wanted.name}
              done={(server) => goOn(server.slug)}
            />
          </div>
        </Card>
      )}
      {!wanted.catalog && (
        <p className="text-soft">
          Not sure what to register?{' '}
          <Link to="/o/$org/start" params={{ org }} search={{}} className="prose-link">
            Begin with a sample server
          </Link>
        </p>
      )}
    </Page>
  );
}

/** The next step: the tool's recommended rule in the editor, or what is recommended for all tools. */
function onward(org: string, server: string, { catalog, tool }: Wanted) {
  if (catalog && tool)
    return {
      to: '/o/$org/servers/$server/policies/$policy',
      params: { org, server, policy: FIRST_POLICY },
      search: { catalog, tool },
    } as const;
  return { to: '/o/$org/start', params: { org }, search: { server } } as const;
}
