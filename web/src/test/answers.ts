/** What the API says in the screens' tests. */
export const AT = '2026-11-21T10:00:00Z';
export const SERVER = {
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
export const TOOL = {
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

export function answers(role: string): Record<string, unknown> {
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
