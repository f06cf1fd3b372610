import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { at, change, type Json, type JsonObject, literal, read, rename, take, write } from './document';
import { begin, reduce } from './history';
import { BLANK, fitted, isOperator, KINDS, type Kind, kindOf, OPERATORS, recast } from './rule/condition';
import { argumentPaths } from './rule/paths';
import { ruleSummary } from './rule/summary';
import { listOf, listText } from './rule/value';

const value: fc.Arbitrary<Json> = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.array(fc.oneof(fc.string(), fc.integer()), { maxLength: 3 }),
);
const test_: fc.Arbitrary<Json> = fc.record({
  path: fc.constantFrom('args.amount', 'args.items[*].sku', 'identity.label', 'time.hour'),
  op: fc.constantFrom(...Object.keys(OPERATORS)),
  value,
});
const condition: fc.Arbitrary<JsonObject> = fc.letrec<{ one: Json }>((tie) => ({
  one: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    test_,
    fc.record({ any: fc.array(tie('one'), { maxLength: 3 }) }),
    fc.record({ all: fc.array(tie('one'), { maxLength: 3 }) }),
    fc.record({ not: tie('one') }),
  ),
})).one as fc.Arbitrary<JsonObject>;
const groups = fc.array(
  fc.record({ conditions: fc.array(condition, { maxLength: 3 }), on_deny: fc.string() }),
  { maxLength: 2 },
);
const limit = fc.record(
  {
    counter: fc.string(),
    window: fc.oneof(fc.constantFrom('hour', 'day'), fc.nat(9000)),
    max: fc.nat(),
    scope: fc.constantFrom('grant', 'org'),
    key: fc.constant('args.customer'),
    increment_from: fc.constant('args.amount'),
    rolling: fc.boolean(),
    on_outage: fc.constant('allow'),
    'x-unknown': fc.string(),
  },
  { requiredKeys: ['counter', 'window', 'max', 'scope'] },
);
const rule = fc.record(
  {
    action: fc.constantFrom('allow', 'deny', 'require_approval'),
    require: groups,
    deny_if: groups,
    limits: fc.array(limit, { maxLength: 3 }),
    approval: fc.record({ quorum: fc.constantFrom(1, 2), conditions: fc.array(condition, { maxLength: 2 }) }),
    'x-owner': value,
  },
  { requiredKeys: [] },
);
const names = fc.constantFrom('a', 'b/c', 'd~e', 'get_*', 'ü "quoted"');
const document = fc.record({
  version: fc.constant('1'),
  default: fc.constantFrom('allow', 'deny'),
  all_tools: rule,
  categories: fc.dictionary(fc.constantFrom('read', 'write'), rule),
  tools: fc.dictionary(names, rule, { minKeys: 1 }),
  unknown: value,
}) as unknown as fc.Arbitrary<JsonObject>;
const text = fc.tuple(document, fc.constantFrom(0, 2, 3)).map(([one, n]) => JSON.stringify(one, null, n));

/** Every place in a document. */
function places(root: Json, path: (string | number)[] = []): (string | number)[][] {
  if (Array.isArray(root)) return [path, ...root.flatMap((one, index) => places(one, [...path, index]))];
  if (typeof root !== 'object' || root === null) return [path];
  return [path, ...Object.entries(root).flatMap(([key, one]) => places(one, [...path, key]))];
}
const placed = text.chain((source) => {
  const all = places(JSON.parse(source) as Json).filter((path) => path.length > 0);
  return fc.tuple(fc.constant(source), fc.constantFrom(...all));
});

/** A document as its places and the single values there. */
function leaves(source: string, but: (string | number)[]): Map<string, string> {
  const root = JSON.parse(source) as Json;
  const within = (path: (string | number)[]) => but.every((step, index) => path[index] === step);
  return new Map(
    places(root)
      .filter((path) => !within(path))
      .map((path) => [path, at(root, path)] as const)
      .filter(([, one]) => typeof one !== 'object' || one === null)
      .map(([path, one]) => [JSON.stringify(path), JSON.stringify(one)]),
  );
}

describe('a visual change', () => {
  test('puts in what was chosen and leaves all else as it was, wherever it is made', () => {
    fc.assert(
      fc.property(placed, value, ([source, path], next) => {
        const changed = change(source, [{ set: path, to: next }]);
        expect(at(read(changed).document ?? {}, path)).toEqual(next);
        expect(leaves(changed, path)).toEqual(leaves(source, path));
      }),
      { numRuns: 300 },
    );
  });

  test('keeps the spelling of a number that is written', () => {
    const spellings = fc.constantFrom('1.50', '6e1', '12345678901234567890.123456789', '0.10', '-0');
    fc.assert(
      fc.property(placed, spellings, ([source, path], spelled) => {
        const changed = write(source, path, spelled);
        expect(literal(changed, path)).toBe(spelled);
        expect(leaves(changed, path)).toEqual(leaves(source, path));
      }),
    );
  });

  test('of what is no JSON is not made', () => {
    expect(write('{"a": 1}', ['a'], '1.')).toBe('{"a": 1}');
    expect(change('{"a": ', [{ set: ['a'], to: 1 }])).toBe('{"a": ');
    expect(write('{"a": 1}', ['a'], '"$&"')).toBe('{"a": "$&"}');
  });

  test('takes out what is chosen, and the empty lists around it', () => {
    const source = '{"tools":{"t":{"limits":[{"max":1}],"action":"allow"}}}';
    const path = ['tools', 't', 'limits', 0];
    expect(JSON.parse(take(source, path, 3))).toEqual({ tools: { t: { action: 'allow' } } });
    expect(JSON.parse(take(source, path, 4))).toEqual({ tools: { t: { limits: [], action: 'allow' } } });
    expect(take(source, ['tools', 'none'])).toBe(source);
  });

  test('renames a key in its place, but never onto another', () => {
    const source = '{"a": 1, "b": 2, "c": 3}';
    expect(rename(source, ['b'], 'x"y')).toBe('{"a": 1, "x\\"y": 2, "c": 3}');
    expect(rename(source, ['b'], 'c')).toBe(source);
  });

  test('is one step back, and typing in one field is one step however many letters it has', () => {
    const start = begin({ text: '{"a":"","b":""}', cases: '' });
    const typed = ['x', 'xy', 'xyz'].reduce(
      (state, to) => reduce(state, { type: 'edit', changes: [{ set: ['a'], to }], run: '/a' }),
      start,
    );
    const both = reduce(typed, { type: 'edit', changes: [{ set: ['b'], to: 'q' }], run: '/b' });
    expect(reduce(both, { type: 'undo' }).text).toBe(typed.text);
    expect(reduce(reduce(both, { type: 'undo' }), { type: 'undo' }).text).toBe(start.text);
  });
});

describe('conditions', () => {
  const kinds = Object.keys(KINDS) as Kind[];
  const tests = (one: Json): string[] => {
    if (Array.isArray(one)) return one.flatMap(tests);
    if (typeof one !== 'object' || one === null) return [];
    return 'path' in one ? [JSON.stringify(one)] : Object.values(one).flatMap(tests);
  };

  test('become the kind that is chosen, and nesting loses none of what is in them', () => {
    fc.assert(
      fc.property(condition, fc.constantFrom(...kinds), (one, kind) => {
        const next = recast(one, kind);
        expect(kindOf(next)).toBe(kind);
        if (kind !== 'test') expect(tests(next)).toEqual(tests(one));
        else expect([...tests(one), JSON.stringify(BLANK)]).toContain(JSON.stringify(next));
      }),
      { numRuns: 300 },
    );
  });

  test('get a value that their operator takes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(OPERATORS)),
        fc.option(value, { nil: undefined }),
        (op, old) => {
          if (!isOperator(op)) throw new Error(op);
          const next = fitted(op, old);
          if (op === 'exists') expect(typeof next).toBe('boolean');
          else if (op === 'in' || op === 'not_in') expect(Array.isArray(next)).toBe(true);
          else if (['lt', 'lte', 'gt', 'gte'].includes(op)) expect(typeof next).toBe('number');
          else if (op !== 'eq' && op !== 'neq') expect(typeof next).toBe('string');
          else expect(next).toBeDefined();
        },
      ),
    );
  });

  test('that mix kinds are not taken for one of them', () => {
    expect(kindOf({ any: [], path: 'args.x' })).toBeUndefined();
    expect(kindOf({ any: [], all: [] })).toBeUndefined();
    expect(kindOf({ not: [] })).toBeUndefined();
    expect(kindOf('x')).toBeUndefined();
  });
});

describe('lists of values', () => {
  test('are the same when they are read back from their lines', () => {
    const item = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constantFrom('12', 'true', ' x ', 'a b', ''),
    );
    fc.assert(
      fc.property(fc.array(item), (list) => {
        expect(JSON.parse(listOf(listText(JSON.stringify(list), list)))).toEqual(list);
      }),
      { numRuns: 300 },
    );
  });

  test('keep the digits of their numbers', () => {
    expect(listOf(listText('[1.50, 2e3]', [1.5, 2000]))).toBe('[1.50, 2e3]');
  });
});

test('a rule is summed up by all that it asks for', () => {
  const words = ruleSummary({
    action: 'deny',
    require: [{ conditions: [{}, {}], on_deny: '' }],
    deny_if: [{ conditions: [], on_deny: '' }],
    limits: [{ counter: 'c', max: 5, window: 90, scope: 'org' }],
    rate_limit: { max: 3, window: 'minute' },
  });
  expect(words).toEqual([
    'refused',
    '2 conditions required',
    'refused in 1 case',
    'at most 5 a 90 s',
    'at most 3 a minute',
  ]);
});

test('paths are offered as deep as the schema is read, and each once', () => {
  const definition = {
    inputSchema: {
      properties: {
        items: { items: { properties: { sku: {} } } },
        'dotted.name': {},
      },
    },
  } as never;
  expect(argumentPaths([{ definition }, { definition }])).toEqual([
    'args.items',
    'args.items[*]',
    'args.items[*].sku',
  ]);
});
