import { useQuery } from '@tanstack/react-query';
import { RadioGroup } from 'radix-ui';
import type { Schemas } from '@/api/client';
import { usePortion } from '@/ui/portion';
import { ProblemNotice } from '@/ui/problem';
import { Badge } from '@/ui/surface';
import { Table, Td, Th } from '@/ui/table';
import { recommended } from './recommended';
import { TEMPLATES } from './templates';

export const RECOMMENDED = 'recommended';

type Tools = Schemas['ToolView'][];

/** The document of what is picked; nothing while it is not known. */
export function usePicked(place: { org: string; server: string }, tools: Tools, picked: string) {
  const { data } = useQuery({ ...recommended(place.org, place.server), enabled: picked === RECOMMENDED });
  if (picked === RECOMMENDED) return data?.document;
  return TEMPLATES.find((one) => one.id === picked)?.build(tools);
}

const CARD =
  'grid content-start gap-1 rounded-xl border border-line bg-sheet p-4 text-left hover:border-edge data-[state=checked]:border-accent data-[state=checked]:bg-accent-wash';

type Props = { place: { org: string; server: string }; picked: string; pick: (id: string) => void };

/** Documents to start from; the one that is made for these very tools first. */
export function TemplateCards({ place, picked, pick }: Props) {
  const suits = useQuery({ ...recommended(place.org, place.server), enabled: picked === RECOMMENDED });
  return (
    <div className="grid gap-3">
      <RadioGroup.Root
        aria-label="Template"
        value={picked}
        onValueChange={pick}
        className="grid gap-3 sm:grid-cols-2"
      >
        <RadioGroup.Item value={RECOMMENDED} className={`${CARD} sm:col-span-2`}>
          <span className="flex items-center gap-2 font-medium">
            Recommended for these tools <Badge tone="allow">made to measure</Badge>
          </span>
          <span className="text-[0.92rem] text-soft">
            What suits each tool by what its definition says it does: reading flows, changes are limited, what
            moves money or destroys is asked about or refused.
          </span>
        </RadioGroup.Item>
        {TEMPLATES.map((template) => (
          <RadioGroup.Item key={template.id} value={template.id} className={CARD}>
            <span className="font-medium">{template.title}</span>
            <span className="text-[0.92rem] text-soft">{template.text}</span>
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
      {picked === RECOMMENDED && suits.error && (
        <ProblemNotice error={suits.error} retry={() => void suits.refetch()} />
      )}
      {picked === RECOMMENDED && suits.data && <Reasons reasons={suits.data.reasons} />}
    </div>
  );
}

/** Why each tool has its rule. */
function Reasons({ reasons }: { reasons: Schemas['ReasonView'][] }) {
  const { part, more } = usePortion(reasons);
  return (
    <div className="max-h-72 overflow-y-auto rounded-xl border border-line">
      <Table
        stacks
        label="Why each tool has its rule"
        head={
          <>
            <Th>Tool</Th>
            <Th>Class</Th>
            <Th>Rule</Th>
            <Th>Said by</Th>
          </>
        }
      >
        {part.map((reason) => (
          <tr key={reason.tool}>
            <Td className="font-mono text-[0.9rem]">{reason.tool}</Td>
            <Td>
              <Badge>{reason.category}</Badge>
            </Td>
            <Td>{reason.effect}</Td>
            <Td className="text-[0.9rem] text-soft">
              {reason.evidence[0] ? `“${reason.evidence[0].quote}”` : ''}
            </Td>
          </tr>
        ))}
      </Table>
      {more}
    </div>
  );
}
