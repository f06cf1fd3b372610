import { Dialog } from '@/ui/dialog';
import { Kbd } from '@/ui/kbd';
import { PLACES } from './places';

const OTHERS: [string, string][] = [
  ['Ctrl K', 'Find a screen, server or identity'],
  ['?', 'This list'],
  ['j', 'Next request for approval'],
  ['k', 'The one before'],
  ['a', 'Approve the one that is open'],
  ['d', 'Deny the one that is open'],
  ['Ctrl Z', 'Undo in the policy editor'],
  ['Ctrl Shift Z', 'Redo in the policy editor'],
  ['Esc', 'Close what is open'],
];

export default function ShortcutSheet({ close }: { close: () => void }) {
  const rows: [string, string][] = [
    ...PLACES.map((place): [string, string] => [`g ${place.key}`, place.label]),
    ...OTHERS,
  ];
  return (
    <Dialog open onOpenChange={close} title="Keyboard shortcuts">
      <dl className="grid grid-cols-[8rem_1fr] gap-y-2.5">
        {rows.map(([keys, what]) => (
          <div key={keys} className="contents">
            <dt>
              <Kbd>{keys}</Kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
