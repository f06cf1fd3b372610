import { describe, expect, test } from 'vitest';
import { snippets, VARIABLE } from './clients';

const target = { name: 'orders', url: 'https://gate.example/t/acme/default/mcp/orders', token: null };
const TOKEN = 'plt_abc123';

describe('what clients are told', () => {
  test('every client is told the address', () => {
    for (const { label, text } of snippets(target)) expect(text, label).toContain(target.url);
  });

  test('without being asked to, no text and no link carries the token', () => {
    for (const snippet of snippets(target)) expect(JSON.stringify(snippet)).not.toContain(TOKEN);
  });

  test('asked to, every text carries the token and still no link does', () => {
    for (const { label, text, link } of snippets({ ...target, token: TOKEN })) {
      expect(text, label).toContain(TOKEN);
      const href = link?.href ?? '';
      const config = new URLSearchParams(href.split('?')[1]).get('config');
      expect(decodeURIComponent(href) + (config ? atob(config) : ''), label).not.toContain(TOKEN);
    }
  });

  test('the files of clients that read JSON are JSON', () => {
    for (const { label, text } of snippets(target).filter(({ text }) => text.startsWith('{'))) {
      expect(() => JSON.parse(text), label).not.toThrow();
    }
  });

  test('a link to Cursor holds the address', () => {
    const href = snippets(target).find(({ id }) => id === 'cursor')?.link?.href ?? '';
    const config = new URLSearchParams(href.split('?')[1]).get('config') ?? '';
    expect(JSON.parse(atob(config))).toEqual({
      url: target.url,
      headers: { Authorization: `Bearer \${env:${VARIABLE}}` },
    });
  });
});
