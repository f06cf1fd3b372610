import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { Dialog } from 'radix-ui';
import { servers } from '@/api/queries';
import { PLACES } from './places';
import { setTheme } from './theme';

const ITEM = 'flex cursor-pointer items-center gap-2.5 rounded-lg px-3 py-2 data-[selected=true]:bg-well';
const GROUP =
  '[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-[0.82rem] [&_[cmdk-group-heading]]:text-soft';

export default function Palette({ org, close }: { org: string; close: () => void }) {
  const navigate = useNavigate();
  const { data = [] } = useQuery(servers(org));
  const go = (run: () => void) => () => {
    close();
    run();
  };
  return (
    <Dialog.Root open onOpenChange={close}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-shade" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 w-[calc(100%-1.5rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-xl border border-line bg-sheet shadow-lift"
        >
          <Dialog.Title className="sr-only">Search</Dialog.Title>
          <Command label="Search" loop>
            <Command.Input
              placeholder="Go to a screen or server…"
              className="w-full border-b border-line bg-transparent px-4 py-3.5 outline-none placeholder:text-soft"
            />
            <Command.List className="max-h-80 overflow-y-auto p-2">
              <Command.Empty className="px-3 py-8 text-center text-soft">Nothing by that name.</Command.Empty>
              <Command.Group heading="Screens" className={GROUP}>
                {PLACES.map(({ to, label, icon: Icon }) => (
                  <Command.Item
                    key={to}
                    className={ITEM}
                    onSelect={go(() => void navigate({ to, params: { org } }))}
                  >
                    <Icon aria-hidden className="size-4 text-soft" />
                    {label}
                  </Command.Item>
                ))}
              </Command.Group>
              {data.length > 0 && (
                <Command.Group heading="Servers" className={GROUP}>
                  {data.map((one) => (
                    <Command.Item
                      key={one.id}
                      value={`server ${one.name} ${one.slug}`}
                      className={ITEM}
                      onSelect={go(
                        () =>
                          void navigate({ to: '/o/$org/servers/$server', params: { org, server: one.slug } }),
                      )}
                    >
                      {one.name}
                      <span className="text-[0.87rem] text-soft">{one.slug}</span>
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
              <Command.Group heading="Colours" className={GROUP}>
                {(['light', 'dark', 'system'] as const).map((theme) => (
                  <Command.Item
                    key={theme}
                    value={`colours ${theme}`}
                    className={ITEM}
                    onSelect={go(() => setTheme(theme))}
                  >
                    {theme === 'system'
                      ? 'As the system'
                      : `${theme.slice(0, 1).toUpperCase()}${theme.slice(1)}`}
                  </Command.Item>
                ))}
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
