import { Download } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useRef, useState } from 'react';
import type { EventFilter } from '@/api/queries';
import { Button } from '@/ui/button';
import { exported, type Format, save, size } from './export';

const FORMATS: { format: Format; label: string; text: string }[] = [
  { format: 'csv', label: 'CSV', text: 'For spreadsheets' },
  { format: 'ndjson', label: 'NDJSON', text: 'One JSON object a line, for programs' },
];

type Props = { org: string; query: EventFilter; narrowed: boolean; failed: (error: unknown) => void };

/** Everything that fits the filter as a file, however much of it is loaded. */
export function ExportMenu({ org, query, narrowed, failed }: Props) {
  const [read, setRead] = useState<number | null>(null);
  const running = useRef<AbortController | null>(null);
  const start = async (format: Format) => {
    const abort = new AbortController();
    running.current = abort;
    failed(null);
    setRead(0);
    try {
      const file = await exported(org, query, format, { signal: abort.signal, read: setRead });
      save(`policylayer-log-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.${format}`, file);
    } catch (error) {
      if (!abort.signal.aborted) failed(error);
    } finally {
      setRead(null);
    }
  };
  if (read !== null)
    return (
      <Button aria-live="polite" onClick={() => running.current?.abort()}>
        <Download aria-hidden className="size-4 animate-pulse-soft" />
        {size(read)}, stop
      </Button>
    );
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <Button>
          <Download aria-hidden className="size-4" />
          Export
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={6}
          className="z-50 grid min-w-64 gap-0.5 rounded-xl border border-line bg-sheet p-1.5 shadow-lift"
        >
          <DropdownMenu.Label className="px-3 py-1.5 text-[0.87rem] text-soft">
            {narrowed ? 'All that fits the filters in force' : 'The whole log; filters make it less'}
          </DropdownMenu.Label>
          {FORMATS.map(({ format, label, text }) => (
            <DropdownMenu.Item
              key={format}
              onSelect={() => void start(format)}
              className="grid cursor-pointer rounded-lg px-3 py-1.5 outline-none data-[highlighted]:bg-well"
            >
              <span className="font-medium">{label}</span>
              <span className="text-[0.87rem] text-soft">{text}</span>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
