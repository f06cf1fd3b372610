import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { makeQueryClient } from './query-client';
import { makeRouter } from './routes';
import { Toaster } from './shell/toaster';
import './styles.css';

const queryClient = makeQueryClient();
const router = makeRouter(queryClient);

window.addEventListener('policylayer:signed-out', () => {
  queryClient.clear();
  void router.invalidate();
});

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Toaster />
      </QueryClientProvider>
    </StrictMode>,
  );
}
