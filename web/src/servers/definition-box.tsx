import type { Schemas } from '@/api/client';
import { definitionText } from './definition-text';

/** A tool's whole definition. */
export function DefinitionBox({ tool }: { tool: Pick<Schemas['ToolView'], 'name' | 'definition'> }) {
  return (
    <pre
      tabIndex={0}
      role="region"
      aria-label={`Definition of ${tool.name}`}
      className="max-h-80 overflow-auto rounded-lg border border-line bg-well p-4 font-mono text-[0.83rem]"
    >
      {definitionText(tool.definition)}
    </pre>
  );
}
