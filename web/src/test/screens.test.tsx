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
import { AT, answers, SERVER, TOOL } from './answers';

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
  const accept = vi.fn(() => ({}));
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
