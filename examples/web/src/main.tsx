import { createLeadsClient } from '@leads/client';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './style.css';

// `vite --mode msw`: no server at all, and so nobody else to add a key.
const alone = import.meta.env.MODE === 'msw';
if (alone) await (await import('./without-a-server.ts')).startWorker();

// Everywhere else the server of this page adds the key.
// The handlers answer within the page, so their key opens nothing.
const client = createLeadsClient({
  baseUrl: location.origin,
  apiKey: alone ? 'sk-workspace_example' : null,
  dangerouslyAllowBrowser: alone,
});
createRoot(document.querySelector('#root')!).render(
  <StrictMode>
    <App client={client} />
  </StrictMode>,
);
