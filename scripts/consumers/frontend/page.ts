import { createLeadsClient, LeadsApiError } from '@leads/client';

const client = createLeadsClient({
  baseUrl: new URLSearchParams(location.search).get('api')!,
  apiKey: 'sk-workspace_page',
  dangerouslyAllowBrowser: true,
  maxRetries: 0,
});
const list = document.querySelector('ul')!;
const status = document.querySelector('p')!;

async function show(): Promise<void> {
  const leads = await client.leads.list().toArray({ max: 100 });
  list.replaceChildren(...leads.map(({ id, name }) => item(id, name)));
}

function item(id: string, name: string): HTMLLIElement {
  const [line, button] = [document.createElement('li'), document.createElement('button')];
  button.textContent = `Delete ${name}`;
  button.addEventListener('click', () => void remove(id));
  line.append(button);
  return line;
}

async function remove(id: string): Promise<void> {
  try {
    await client.leads.delete(id);
    status.textContent = 'Deleted';
  } catch (error) {
    status.textContent = error instanceof LeadsApiError ? error.code : 'Not reached';
  }
  await show();
}

void show();
