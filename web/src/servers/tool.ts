import type { Schemas } from '@/api/client';

type Tool = Pick<Schemas['ToolView'], 'definition'>;

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** What the server says that the tool does. */
export function describe(tool: Tool): string {
  const { description } = record(tool.definition);
  return typeof description === 'string' ? description : '';
}

export type Parameter = { name: string; type: string; required: boolean };

/** The arguments that the tool's input schema names. */
export function parameters(tool: Tool): Parameter[] {
  const schema = record(record(tool.definition).inputSchema);
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(record(schema.properties)).map(([name, property]) => {
    const { type } = record(property);
    const words = Array.isArray(type) ? type.join(' or ') : type;
    return { name, type: typeof words === 'string' ? words : 'any', required: required.includes(name) };
  });
}
