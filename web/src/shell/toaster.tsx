import { Toaster as Sonner } from 'sonner';
import { useTheme } from './theme';

export function Toaster() {
  return (
    <Sonner
      theme={useTheme()}
      position="bottom-right"
      toastOptions={{
        style: { background: 'var(--sheet)', color: 'var(--ink)', borderColor: 'var(--line)' },
      }}
    />
  );
}
