import { askFirst } from './confirm.js';

const container = document.getElementById('swagger-ui');
const dark = matchMedia('(prefers-color-scheme: dark)');
const applyTheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', applyTheme);
applyTheme();

try {
  const [spec, { referenceUrl }] = await Promise.all([read('/openapi.json'), read('/docs/settings.json')]);
  // Requests must go where this page came from, under whatever name the server is reached: the policy allows nothing else.
  spec.servers = [{ url: location.origin }];
  if (referenceUrl) linkReference(spec, referenceUrl);
  globalThis.SwaggerUIBundle({
    spec,
    domNode: container,
    deepLinking: true,
    displayRequestDuration: true,
    docExpansion: 'list',
    // The same is in the reference, where it can be read.
    defaultModelsExpandDepth: -1,
    // A key must not outlive the page.
    persistAuthorization: false,
    tryItOutEnabled: true,
    requestInterceptor: askFirst(spec),
    // Of a request that was not sent there is no other one to show.
    showMutatedRequest: false,
    // The default sends the document to a validator on another host.
    validatorUrl: null,
    // Its numbers can be read on our ground.
    syntaxHighlight: { theme: 'tomorrow-night' },
  });
} catch (error) {
  container.textContent = `The API's description could not be loaded: ${error.message}`;
}

async function read(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`HTTP status ${response.status}`);
  return response.json();
}

/** Every operation leads to its page in the reference. */
function linkReference(spec, referenceUrl) {
  const link = document.getElementById('reference');
  link.href = `${referenceUrl}/`;
  link.hidden = false;
  for (const operations of Object.values(spec.paths)) {
    for (const operation of Object.values(operations)) {
      operation.externalDocs = { url: `${referenceUrl}/reference/${operation.operationId}/`, description: 'In the reference:' };
    }
  }
}
