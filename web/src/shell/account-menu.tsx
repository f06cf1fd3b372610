import { useSuspenseQuery } from '@tanstack/react-query';
import { ChevronsUpDown, LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { me } from '@/api/queries';
import { setTheme, type Theme, useTheme } from './theme';
import { useSignOut } from './use-sign-out';

const THEMES = [
  { value: 'system', label: 'As the system', icon: Monitor },
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
] as const;

const ITEM =
  'flex items-center gap-2.5 rounded-md px-2.5 py-2 text-[0.95rem] outline-none data-[highlighted]:bg-well cursor-pointer';

export function AccountMenu() {
  const { user } = useSuspenseQuery(me).data;
  const theme = useTheme();
  const signOut = useSignOut();
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="flex w-full items-center gap-2 rounded-lg px-2 py-2 text-left text-[0.93rem] hover:bg-well">
        <span
          aria-hidden
          className="grid size-7 shrink-0 place-items-center rounded-full bg-accent-wash font-semibold text-accent-deep uppercase"
        >
          {user.email.slice(0, 1)}
        </span>
        <span className="min-w-0 truncate">{user.email}</span>
        <ChevronsUpDown aria-hidden className="ml-auto size-4 shrink-0 text-soft" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          side="top"
          align="start"
          sideOffset={6}
          className="z-50 min-w-56 animate-appear rounded-xl border border-line bg-sheet p-1.5 shadow-lift"
        >
          <DropdownMenu.Label className="px-2.5 py-1 text-[0.82rem] text-soft">Colours</DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={theme} onValueChange={(value) => setTheme(value as Theme)}>
            {THEMES.map(({ value, label, icon: Icon }) => (
              <DropdownMenu.RadioItem
                key={value}
                value={value}
                className={`${ITEM} data-[state=checked]:font-semibold`}
              >
                <Icon aria-hidden className="size-4" />
                {label}
                <DropdownMenu.ItemIndicator className="ml-auto">✓</DropdownMenu.ItemIndicator>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator className="my-1.5 h-px bg-line" />
          <DropdownMenu.Item className={ITEM} onSelect={() => void signOut()}>
            <LogOut aria-hidden className="size-4" />
            Sign out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
