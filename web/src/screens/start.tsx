import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Access } from '@/access/grant-access';
import { NewAccess } from '@/access/new-access';
import { TokenOnce } from '@/access/token-once';
import { grants, identities, policies, servers, tools } from '@/api/queries';
import { ConnectPanel } from '@/connect/connect-panel';
import { Waiting } from '@/connect/waiting';
import { FirstPolicy } from '@/policy/first-policy';
import { AddServer } from '@/servers/add-server';
import { FIRST_POLICY } from '@/servers/policy-list';
import { UseSample } from '@/servers/use-sample';
import { Unconfirmed } from '@/shell/unconfirmed';
import { useOrg } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Select } from '@/ui/field';
import { Page } from '@/ui/surface';
import { Step, type StepState } from './step';

/** From nothing to the first call. Which step one is at is read from what exists, so that it can be left and come back to. */
export function Start() {
  const { org, teams } = useOrg();
  const search = useSearch({ from: '/inside/o/$org/start' });
  const team = search.team ?? teams[0] ?? 'default';
  const navigate = useNavigate({ from: '/o/$org/start' });
  const [given, setGiven] = useState<Access | null>(null);
  const allServers = useQuery(servers(org));
  const server = allServers.data?.find((one) => one.slug === search.server) ?? allServers.data?.[0];
  const slug = server?.slug ?? '';
  const known = { enabled: server !== undefined };
  const allTools = useQuery({ ...tools(org, slug), ...known });
  const allPolicies = useQuery({ ...policies(org, slug), ...known });
  const people = useQuery(identities(org, team));
  const granted = useQuery(grants(org, team));
  const policy = allPolicies.data?.find((one) => one.slug === FIRST_POLICY) ?? allPolicies.data?.[0];
  const grant = granted.data?.find(
    (one) =>
      one.server === slug &&
      one.status === 'active' &&
      (!search.identity || one.identity === search.identity),
  );
  const identity = given?.identity ?? people.data?.find((one) => one.id === grant?.identity);
  const url = given?.url ?? grant?.gateway_url ?? '';
  const done = [server !== undefined, policy !== undefined, identity !== undefined];
  const at = done.indexOf(false) < 0 ? 3 : done.indexOf(false);
  const state = (step: number): StepState => (step < at ? 'done' : step === at ? 'now' : 'later');
  return (
    <Page title="Get started" lead="Four steps from nothing to the first call under a policy.">
      <Unconfirmed />
      <ol className="grid gap-3">
        <Step
          number={1}
          state={state(0)}
          title="Register a server"
          result={server && `${server.name}, ${allTools.data?.length ?? '…'} tools`}
          lead="An MCP server that you want agents to use through the gateway."
        >
          <UseSample done={(added) => void navigate({ search: { server: added.slug } })} />
          <AddServer done={(added) => void navigate({ search: { server: added.slug } })} />
        </Step>
        <Step
          number={2}
          state={state(1)}
          title="Choose what is allowed"
          result={
            policy && (
              <Link
                to="/o/$org/servers/$server/policies/$policy"
                params={{ org, server: slug, policy: policy.slug }}
                className="prose-link"
              >
                Policy {policy.slug}, version {policy.version}
              </Link>
            )
          }
          lead="Start from one of these; every tool can be changed afterwards."
        >
          {server && allTools.data && <FirstPolicy org={org} server={slug} tools={allTools.data} />}
        </Step>
        <Step
          number={3}
          state={state(2)}
          title="Give an agent access"
          result={identity?.label}
          lead="An identity of its own, so that the log says who called."
        >
          {server && teams.length > 1 && (
            <Select
              label="Team"
              hint="Identities and what they may use belong to a team."
              value={team}
              choices={teams.map((name) => ({ value: name, label: name }))}
              onChange={(event) => void navigate({ search: { server: slug, team: event.target.value } })}
            />
          )}
          {server && (
            <NewAccess
              team={team}
              server={slug}
              done={(access) => {
                setGiven(access);
                void navigate({ search: { server: slug, team: search.team, identity: access.identity.id } });
              }}
            />
          )}
        </Step>
        <Step
          number={4}
          state={state(3)}
          title="Connect it"
          lead="Paste this into the client, then ask it to use a tool."
        >
          {identity && (
            <>
              {given ? (
                <TokenOnce token={given.token} />
              ) : (
                <p className="flex flex-wrap items-center gap-3 text-[0.95rem] text-soft">
                  The token was shown once. If it is lost, make another.
                  <Button asChild small>
                    <Link to="/o/$org/access/$team/$identity" params={{ org, team, identity: identity.id }}>
                      Tokens of {identity.label}
                    </Link>
                  </Button>
                </p>
              )}
              <ConnectPanel server={slug} url={url} token={given?.token ?? null} />
              <Waiting org={org} identity={identity.id} />
            </>
          )}
        </Step>
      </ol>
    </Page>
  );
}
