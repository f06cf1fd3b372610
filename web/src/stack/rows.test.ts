import { expect, test } from 'vitest';
import { byClass, rowsOf } from './rows';

const piece = (document: object, enabled = true) => ({
  server: { slug: 'orders', name: 'Orders', enabled },
  tools: [
    { name: 'get_order', category: 'read' as const },
    { name: 'create_refund', category: 'financial' as const },
    { name: 'odd' },
  ],
  policies: [{ slug: 'main', document: JSON.stringify(document), grants: 2 }],
});
const POLICY = {
  version: '1',
  default: 'deny',
  categories: { read: { action: 'allow' } },
  tools: { create_refund: { action: 'require_approval' } },
};

test('a tool can be called when some policy in force lets it pass, by its own rule or a general one', () => {
  const rows = rowsOf([piece(POLICY)]);
  expect(rows.map((row) => [row.tool, row.standings[0]?.stance, row.callable])).toEqual([
    ['get_order', 'allow', true],
    ['create_refund', 'approve', true],
    ['odd', 'deny', false],
  ]);
});

test('nothing of a server that is switched off can be called, and nothing without a grant', () => {
  expect(rowsOf([piece(POLICY, false)]).some((row) => row.callable)).toBe(false);
  expect(rowsOf([{ ...piece(POLICY), policies: [] }]).some((row) => row.callable)).toBe(false);
});

test('classes come worst first, and tools without one last', () => {
  expect(byClass(rowsOf([piece(POLICY)])).map((group) => group.name)).toEqual([
    'financial',
    'read',
    'unknown',
  ]);
});
