import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { GO_MS, isTyping } from '@/ui/use-keys';
import { PLACES } from './places';

/** Ctrl-K or Cmd-K for the palette, `?` for the list of shortcuts, `g` and a letter to go somewhere. */
export function useShortcuts(org: string, open: (what: 'palette' | 'shortcuts') => void): void {
  const navigate = useNavigate();
  useEffect(() => {
    let going = 0;
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        open('palette');
        return;
      }
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector('[role="dialog"]')) return;
      const place = PLACES.find((one) => one.key === event.key);
      if (place && event.timeStamp - going < GO_MS) {
        event.preventDefault();
        going = 0;
        void navigate({ to: place.to, params: { org } });
      } else if (event.key === 'g') going = event.timeStamp;
      else if (event.key === '?') open('shortcuts');
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [org, navigate, open]);
}
