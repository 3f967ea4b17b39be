import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { MessagesProvider } from './messages.tsx';
import { createQueryClient } from './query-client.ts';
import './style.css';

if (import.meta.env.MODE === 'msw') await (await import('./without-a-server.ts')).startWorker();

createRoot(document.querySelector('#root')!).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <MessagesProvider>
        <App />
      </MessagesProvider>
    </QueryClientProvider>
  </StrictMode>,
);
