import react from '@vitejs/plugin-react';
import { msw } from 'msw/vite';
import { defineConfig, type ProxyOptions } from 'vite';

/** Hands the page's calls on to the API, with the key, which so never reaches a browser. */
export function proxyTo(target: string, apiKey: string): Record<string, ProxyOptions> {
  return { '/api': { target, changeOrigin: true, headers: { authorization: `Bearer ${apiKey}` } } };
}

export default defineConfig(async ({ command, isPreview, mode }) => ({
  plugins: [react(), ...(mode === 'msw' ? [msw({ mode: 'worker-only' })] : [])],
  server: { host: '127.0.0.1', ...(command === 'serve' && !isPreview && mode !== 'msw' && { proxy: await proxy() }) },
}));

/** To the API at LEADS_API_URL with LEADS_API_KEY; to a mock of its own without. */
async function proxy(): Promise<Record<string, ProxyOptions>> {
  const { LEADS_API_URL: url, LEADS_API_KEY: key } = process.env;
  if (url && !key) throw new Error('LEADS_API_URL needs LEADS_API_KEY');
  if (url && key) return proxyTo(url, key);
  const { startMock } = await import('@leads/mock');
  const mock = await startMock({ seed: 60 });
  console.log(`The page talks to a mock on ${mock.url}. To use a server, set LEADS_API_URL and LEADS_API_KEY.`);
  return proxyTo(mock.url, 'sk-workspace_example');
}
