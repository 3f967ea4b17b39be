const dialog = document.getElementById('confirm');

/**
 * What Swagger UI calls before it sends a request: where the request destroys something, or is about many leads, it shows what would go, and asks. A request that is
 * not confirmed is not sent.
 */
export function askFirst(spec) {
  const destructive = destructiveOperations(spec);
  return async (request) => {
    const { pathname } = new URL(request.url, location.origin);
    const found = destructive.find(({ method, pattern }) => method === request.method && pattern.test(pathname));
    if (!found || !found.isMeant(bodyOf(request))) return request;
    if (!(await isConfirmed(request, found))) throw new Error('It was not confirmed, and so not sent. Nothing was changed.');
    return request;
  };
}

/** Those that delete or remove, those that need the right to, those on many leads, and those that can end a key. */
function destructiveOperations(spec) {
  return Object.entries(spec.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) => {
      const fields = bodyFields(operation, spec);
      const isDestructive =
        method === 'delete' || operation['x-required-scope'] === 'leads:delete' || path.includes('/bulk-') || path.endsWith('/remove');
      if (!isDestructive && !('overlapSeconds' in fields)) return [];
      return {
        method: method.toUpperCase(),
        pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
        summary: operation.summary,
        path,
        hasDryRun: 'dryRun' in fields,
        isMeant: ({ dryRun, overlapSeconds }) => (isDestructive ? dryRun !== true : overlapSeconds === 0),
      };
    }),
  );
}

/** The fields that the body of an operation can have. */
function bodyFields({ requestBody }, spec) {
  const schema = requestBody?.content['application/json']?.schema;
  return (schema?.$ref ? spec.components.schemas[schema.$ref.split('/').at(-1)] : schema)?.properties ?? {};
}

async function isConfirmed(request, operation) {
  document.getElementById('confirm-title').textContent = `${operation.summary}?`;
  document.getElementById('confirm-request').textContent = `${request.method} ${new URL(request.url).pathname}`;
  const rows = await preview(request, operation);
  document
    .getElementById('confirm-preview')
    .replaceChildren(...rows.flatMap(([name, value]) => [element('dt', name), element('dd', value)]));
  dialog.returnValue = 'cancel';
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
  return dialog.returnValue === 'send';
}

/** What the request would do, as far as the API can say it beforehand: rows of a name and a text. */
async function preview(request, { path, hasDryRun }) {
  const { pathname } = new URL(request.url);
  const { planToken, ...asked } = bodyOf(request);
  const ids = asked.ids ?? asked.leadIds;
  if (/\/v1\/leads\/\{leadId\}(\/anonymize)?$/.test(path)) {
    return ofLead(await ask(`${pathname.replace(/\/anonymize$/, '')}/deletion-preview`, request));
  }
  if (ids) return [['Leads', String(ids.length)]];
  if (asked.overlapSeconds === 0) return [['The old key', 'ends at once']];
  if (hasDryRun) return ofPlan(await ask(pathname, request, { ...asked, dryRun: true }));
  return [];
}

function ofLead({ data, error }) {
  if (!data) return [['Preview', error]];
  const { lead, attached, blockers } = data;
  const goes = Object.entries(attached).map(([what, count]) => `${count} ${what}`);
  return [
    ['Lead', `${lead.name}, ${lead.email}`],
    ['With it', goes.join(', ')],
    ...(blockers.length > 0 ? [['In the way', blockers.map(({ name }) => name).join(', ')]] : []),
  ];
}

function ofPlan({ data, error }) {
  if (!data) return [['Preview', error]];
  const { count, found, blocked, sample = [] } = data;
  return [
    ...(found ? Object.entries(found).map(([what, many]) => [inWords(what), String(many)]) : [['Leads', String(count)]]),
    ['In an active campaign', String(blocked)],
    ...(sample.length > 0 ? [['The oldest', sample[0].name]] : []),
  ];
}

/** `Stored answers` of `storedAnswers`. */
function inWords(name) {
  return name.replace(/^[a-z]/, (letter) => letter.toUpperCase()).replace(/(?!^)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Asks the API with the key of the request. */
async function ask(path, request, body) {
  const headers = { Authorization: request.headers.Authorization ?? '', ...(body && { 'Content-Type': 'application/json' }) };
  const response = await fetch(path, { method: body ? 'POST' : 'GET', headers, ...(body && { body: JSON.stringify(body) }) });
  return response.json();
}

function bodyOf({ body }) {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {};
  }
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
