/** The screens in jsdom: they show what the API says, and axe has nothing to say about them. */
import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { beforeEach, expect, test, vi } from 'vitest';
import { forget } from '@/api/session';
import { makeQueryClient } from '@/query-client';
import { makeRouter } from '@/routes';

const AT = '2026-11-21T10:00:00Z';
const SERVER = {
  id: 'srv_1',
  slug: 'orders',
  name: 'Orders',
  url: 'https://mcp.example.com/mcp',
  header_names: ['Authorization'],
  enabled: true,
  pinned: true,
  unaccepted: 0,
  created_at: AT,
  updated_at: AT,
  discovery: { era: 'modern', protocol_version: '2026-07-28', server: {}, at: AT },
};
const TOOL = {
  name: 'create_refund',
  definition: { description: 'Pays back.', inputSchema: { properties: { amount: { type: 'number' } } } },
  hash: 'x',
  state: 'accepted',
  first_seen_at: AT,
  last_seen_at: AT,
  changed_at: AT,
};
const IDENTITY = {
  id: 'idn_1',
  label: 'alice-laptop',
  kind: 'agent',
  labels: {},
  enabled: true,
  created_at: AT,
};
const EVENT = {
  id: 'evt_1',
  at: AT,
  identity: 'idn_1',
  identity_label: 'alice-laptop',
  token: 'tok_1',
  method: 'tools/call',
  tool: 'create_refund',
  server: 'orders',
  arguments: ['amount'],
  taken: [
    {
      counter: 'spend',
      scope: 'grant',
      window: 'day',
      rolling: false,
      amount: '12.5',
      before: '36',
      after: '48.5',
      max: '50',
    },
  ],
  verdict: 'deny',
  rule: '/tools/create_refund/action',
  message: 'No refunds today.',
  unchecked: false,
  node: 'n',
};

function answers(role: string): Record<string, unknown> {
  const org = '/v1/orgs/acme';
  return {
    '/v1/refresh': { access_token: 'one', token_type: 'Bearer', expires_in: 600 },
    '/v1/me': {
      user: { id: 'usr_1', email: 'alice@example.com', created_at: AT },
      memberships: [{ org_id: 'org_1', org: 'acme', role, teams: ['default'], team_roles: [] }],
    },
    '/v1/me/sessions': {
      sessions: [
        {
          id: 'ses_1',
          current: true,
          user_agent: 'Firefox Linux',
          created_at: AT,
          last_used_at: AT,
          expires_at: AT,
        },
      ],
    },
    [org]: {
      id: 'org_1',
      slug: 'acme',
      name: 'Acme',
      enabled: true,
      max_staleness_s: 300,
      role,
      created_at: AT,
    },
    [`${org}/teams`]: {
      teams: [
        {
          id: 't',
          slug: 'default',
          name: 'Default',
          enabled: true,
          gateway_url: 'https://g',
          created_at: AT,
        },
      ],
    },
    [`${org}/servers`]: { servers: [SERVER] },
    [`${org}/servers/orders`]: SERVER,
    [`${org}/servers/orders/tools`]: { tools: [TOOL] },
    [`${org}/servers/orders/policies`]: {
      policies: [{ id: 'pol_1', slug: 'main', version: 1, created_at: AT, updated_at: AT }],
    },
    [`${org}/servers/orders/policies/main`]: {
      id: 'pol_1',
      slug: 'main',
      version: 1,
      created_at: AT,
      updated_at: AT,
      document: JSON.stringify({
        version: '1',
        default: 'deny',
        tools: { create_refund: { action: 'require_approval' } },
      }),
      cases: '',
    },
    [`${org}/teams/default/identities`]: { identities: [IDENTITY] },
    [`${org}/teams/default/grants`]: {
      grants: [
        {
          id: 'grt_1',
          identity: 'idn_1',
          identity_label: 'alice-laptop',
          server: 'orders',
          policy: 'main',
          status: 'active',
          created_at: AT,
        },
      ],
    },
    [`${org}/teams/default/identities/idn_1/tokens`]: {
      tokens: [{ id: 'tok_1', name: 'laptop', last4: 'x7Qp', created_at: AT }],
    },
    [`${org}/members`]: {
      members: [
        { user: 'usr_1', email: 'alice@example.com', role: 'admin', teams: [], since: AT },
        {
          user: 'usr_2',
          email: 'bob@example.com',
          role: null,
          teams: [{ team: 'default', role: 'viewer' }],
          since: AT,
        },
      ],
    },
    '/v1/installation': { sample_server: true, dev_mails: true },
    '/v1/dev/mails': {
      mails: [
        {
          id: 'eml_1',
          to: 'bob@example.com',
          subject: 'You are invited',
          text: 'Hello',
          link: 'http://localhost/app/invitation#token=x',
          at: AT,
        },
      ],
    },
    [`${org}/keys`]: {
      keys: [
        {
          id: 'key_1',
          name: 'terraform',
          last4: 'x7Qp',
          scopes: ['read', 'policies'],
          created_by: 'usr_1',
          created_by_email: 'alice@example.com',
          created_at: AT,
        },
      ],
      next_cursor: null,
    },
    [`${org}/invitations`]: {
      invitations: [
        {
          id: 'inv_1',
          email: 'carol@example.com',
          role: 'viewer',
          invited_by: 'usr_1',
          expires_at: AT,
          created_at: AT,
        },
      ],
    },
    [`${org}/changes`]: {
      changes: [
        {
          at: AT,
          action: 'member.update',
          subject: 'usr_2',
          actor: 'usr_1',
          actor_email: 'alice@example.com',
          before: { email: 'bob@example.com', role: 'admin' },
          after: { email: 'bob@example.com', role: 'viewer' },
        },
      ],
      next_cursor: null,
    },
    [`${org}/approvals`]: { approvals: [], next_cursor: null },
    [`${org}/events`]: { events: [EVENT], next_cursor: null },
    [`${org}/events/histogram`]: {
      width_s: 1800,
      buckets: [
        { at: '2026-11-21T09:30:00Z', allowed: 3, denied: 0, parked: 0 },
        { at: AT, allowed: 0, denied: 1, parked: 2 },
      ],
    },
    [`${org}/events/tools`]: {
      tools: [{ server: 'orders', tool: 'create_refund', allowed: 3, denied: 1, parked: 2 }],
    },
    [`${org}/limits`]: {
      limits: [
        {
          counter: 'spend',
          scope: 'grant',
          identity: 'bot',
          server: 'orders',
          team: null,
          keyed: false,
          window: 'day',
          rolling: false,
          used: '48.5',
          max: '50',
          until: AT,
        },
      ],
    },
    [`${org}/events/evt_1`]: {
      ...EVENT,
      explanation: {
        agrees: true,
        trace: {
          layers: [{ pointer: '/tools/create_refund', matched: 'name' }],
          steps: [
            { step: 'policy', passed: true },
            {
              step: 'require',
              pointer: '/tools/create_refund/require/0',
              passed: false,
              conditions: [{ path: 'args.amount', op: 'lte', wanted: 500, found: [700], answer: 'fails' }],
            },
          ],
        },
      },
    },
  };
}

/** An answer that is not a success. */
function isRefused(answer: unknown): answer is { status: number; body: unknown } {
  return typeof answer === 'object' && answer !== null && 'body' in answer && 'status' in answer;
}

function open(path: string, role = 'admin', other: Record<string, unknown> = {}) {
  const known = { ...answers(role), ...other };
  vi.stubGlobal('fetch', async (input: RequestInfo | URL) => {
    const address = input instanceof Request ? input.url : String(input);
    const found = known[new URL(address, location.origin).pathname];
    const body = typeof found === 'function' && input instanceof Request ? found(await input.json()) : found;
    if (isRefused(body)) return new Response(JSON.stringify(body.body), { status: body.status });
    return body === undefined
      ? new Response(
          JSON.stringify({ code: 'not_found', detail: 'Nothing here.', status: 404, title: 'x' }),
          { status: 404 },
        )
      : new Response(JSON.stringify(body), { status: 200, headers: { 'content-type': 'application/json' } });
  });
  const queryClient = makeQueryClient();
  const router = makeRouter(queryClient);
  router.update({ ...router.options, history: createMemoryHistory({ initialEntries: [`/app${path}`] }) });
  render(
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
}

/** Colours are for the browser's tests: jsdom paints nothing. */
async function findings(): Promise<string[]> {
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id);
}

beforeEach(() => forget());

const patience = { timeout: 30_000 };

test.each([
  ['/o/acme', 'Limits nearest to their maximum'],
  ['/o/acme/servers', 'Connected'],
  ['/o/acme/servers/orders', 'Pays back.'],
  ['/o/acme/access', 'Give access'],
  ['/o/acme/access/default/idn_1', '…x7Qp'],
  ['/o/acme/settings', 'Firefox on Linux'],
  ['/o/acme/stack', 'main: Approve'],
  ['/o/acme/members', 'carol@example.com'],
  ['/o/acme/keys', 'plk_…x7Qp'],
  ['/dev/outbox', 'You are invited'],
  ['/o/acme/teams', 'https://g'],
  ['/o/acme/audit', 'role: admin → viewer'],
  ['/o/acme/approvals', 'Nothing waits'],
  ['/invitation', 'Open the link from the mail; it carries what is needed here.'],
  ['/forgot-password', 'Mail me a link'],
  ['/email-change', 'Change of address'],
  ['/o/acme/start', 'Connect it'],
  ['/o/acme/log', '3 allowed, 1 denied, 2 waiting for approval'],
  ['/o/acme/log?event=evt_1', 'args.amount is 700, lte 500: fails'],
  ['/o/acme/register?name=Mail&url=https%3A%2F%2Fm.example%2Fmcp&tool=send', 'Register Mail'],
])('%s shows what there is and is accessible', async (path, text) => {
  open(path);
  expect((await screen.findAllByText(text, {}, patience)).length).toBeGreaterThan(0);
  expect(await findings()).toEqual([]);
});

test('a viewer cannot register servers, and is told why', async () => {
  open('/o/acme/servers', 'viewer');
  const why = 'Only admins register and change servers.';
  const button = await screen.findByRole('button', { name: 'Add a server', description: why }, patience);
  expect(button.getAttribute('aria-disabled')).toBe('true');
  expect(screen.getAllByText(why, { exact: false, ignore: '[hidden]' })).toHaveLength(1);
  await userEvent.click(button);
  expect(screen.queryByRole('dialog')).toBeNull();
  expect((await screen.findByRole('tooltip')).textContent).toBe(why);
});

test('of a long list of tools a part is shown, and all of it is searched', async () => {
  const tools = Array.from({ length: 1057 }, (_, index) => ({ ...TOOL, name: `tool_${index}` }));
  open('/o/acme/servers/orders', 'admin', { '/v1/orgs/acme/servers/orders/tools': { tools } });
  const list = await screen.findByLabelText('Tools', {}, patience);
  expect(list.children).toHaveLength(100);
  await userEvent.click(screen.getByText('Show 100 more'));
  expect(list.children).toHaveLength(200);
  await userEvent.type(screen.getByLabelText('Find a tool'), '1056');
  expect([...list.children].map((row) => row.textContent)).toEqual([expect.stringContaining('tool_1056')]);
});

test('a changed definition stands beside the accepted one, with what nobody could see, and is accepted', async () => {
  const server = '/v1/orgs/acme/servers/orders';
  const changed = { ...TOOL, definition: { description: 'Pays back.\u200b' }, state: 'changed' };
  const accepted = { definition: TOOL.definition, at: AT };
  const added = { ...TOOL, name: 'wipe', definition: { description: 'Deletes all.' }, state: 'new' };
  const tools = [{ ...changed, accepted }, added];
  const accept = vi.fn(() => ({ tools }));
  open('/o/acme/servers/orders', 'admin', {
    [server]: { ...SERVER, unaccepted: 2 },
    [`${server}/tools`]: { tools },
    [`${server}/accept-definitions`]: accept,
  });
  await screen.findByText('Definitions to look at (2)', {}, patience);
  expect((await screen.findByLabelText('What changed in create_refund', {}, patience)).textContent).toContain(
    '\\u{200b}',
  );
  expect(screen.getAllByLabelText('Definition of wipe').length).toBeGreaterThan(0);
  expect(await findings()).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Accept create_refund' }));
  await vi.waitFor(() =>
    expect(accept).toHaveBeenCalledWith({ tools: [{ name: 'create_refund', hash: 'x' }] }),
  );
});

test('the drawer that the address names is open', async () => {
  open('/o/acme/log?event=evt_1');
  expect((await screen.findAllByText('No refunds today.', {}, patience)).length).toBeGreaterThan(0);
  const drawer = screen.getByRole('dialog').textContent;
  expect(drawer).toContain('/tools/create_refund/action');
  expect(drawer).toContain('36 → 48.5 of 50');
});

test('a recorded call becomes a test in the draft, unpublished, and can be taken back', async () => {
  open('/o/acme/servers/orders/policies/main?event=evt_1&as=test');
  const note = await screen.findByText(/^The test “create_refund is refused/, {}, patience);
  expect(note.textContent).toContain('It is not published yet.');
  await userEvent.click(screen.getByRole('button', { name: 'Take it back' }));
  expect(screen.queryByRole('button', { name: 'Take it back' })).toBeNull();
  expect(screen.queryByText('changed')).toBeNull();
});

test('what the catalogue recommends for a tool is in the draft that its page leads to', async () => {
  open('/o/acme/servers/orders/policies/main?catalog=shop&tool=create_refund', 'admin', {
    '/catalog/shop/create_refund.json': { policy: { tools: { create_refund: { action: 'deny' } } } },
  });
  await screen.findByText(/recommends for create_refund was added, in place of the rule/, {}, patience);
  expect(screen.getByRole('button', { name: 'create_refund: Deny' })).toBeTruthy();
});

test('an editor opens without what the catalogue cannot say', async () => {
  open('/o/acme/servers/orders/policies/main?catalog=../v1&tool=create_refund');
  await screen.findByText(/could not be read: the catalogue has no page about create_refund/, {}, patience);
});

test('whoever is not signed in and comes with a server signs up first, and comes back with it', async () => {
  const end = { code: 'unauthenticated', detail: 'No.', status: 401, title: 'x' };
  open('/register?name=Mail&tool=send', 'admin', { '/v1/refresh': { status: 401, body: end } });
  const signIn = await screen.findByRole('link', { name: 'Sign in' }, patience);
  const next = new URL(String(signIn.getAttribute('href')), location.origin).searchParams.get('next');
  expect(next).toBe('/register?name=Mail&tool=send');
});

test('of several organisations one is chosen, and the server goes along', async () => {
  const me = answers('admin')['/v1/me'] as { memberships: object[] };
  const memberships = [...me.memberships, { org_id: 'o', org: 'beta', role: 'viewer', teams: [] }];
  open('/register?name=Mail&url=https://m.example/mcp', 'admin', { '/v1/me': { ...me, memberships } });
  await screen.findByText('Register Mail', {}, patience);
  expect(await findings()).toEqual([]);
  await userEvent.click(screen.getByRole('link', { name: /^acme/ }));
  const field = await screen.findByLabelText<HTMLInputElement>('Address of the MCP server', {}, patience);
  expect(field.value).toBe('https://m.example/mcp');
});

test('a viewer who comes with a server is told who can register it', async () => {
  open('/o/acme/register?name=Mail&url=https%3A%2F%2Fm.example%2Fmcp', 'viewer');
  await screen.findByText(/to an admin of acme/, {}, patience);
  expect(screen.queryByLabelText('Address of the MCP server')).toBeNull();
});

test('somebody else’s organisation is not shown', async () => {
  open('/o/other');
  await screen.findByText('There is nothing here', {}, patience);
});
