import type { ImportOutcome, Lead, LeadsImportResult } from '@leads/client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from './client.ts';
import { type CsvFile, readCsvFile } from './csv-file.ts';
import { Choice, Dialog, Problem } from './dialog.tsx';
import { ONCE } from './queries.ts';
import { counted } from './texts.ts';

const SHOWN = 20;

/** The fields that a column can be. */
const FIELDS: Readonly<Record<Exclude<keyof Lead, 'workspaceId'>, string>> = {
  name: 'Name',
  email: 'E-mail',
  phone: 'Phone',
  status: 'Status',
  source: 'Source',
  metadata: 'Metadata',
  id: 'Id',
  createdAt: 'Created at',
  updatedAt: 'Updated at',
};

/** Without these a line is no lead. */
const REQUIRED = ['name', 'email'] as const;

type Columns = Readonly<Record<string, keyof typeof FIELDS | null>>;

/** Takes a CSV file, shows what would come of each line, and imports it. */
export function ImportDialog({ onImported, onClose }: { onImported: (result: LeadsImportResult) => void; onClose: () => void }) {
  const [file, setFile] = useState<CsvFile>();
  const [columns, setColumns] = useState<Columns>({});
  const [allowDuplicateEmail, setDuplicates] = useState(false);
  const missing = file && REQUIRED.find((field) => !Object.values(columns).includes(field));
  const asked = { columns: JSON.stringify(columns), allowDuplicateEmail };
  const run = (query: object, options: object = {}) =>
    client.leads.import(file!.text, { headers: { 'Content-Type': 'text/csv' }, query: { ...asked, ...query }, ...options });
  const plan = useQuery({
    queryKey: ['import', file?.id, asked],
    // The key belongs to what was shown: sent again, the import is made once.
    queryFn: async ({ signal }) => ({ ...(await run({ dryRun: true }, { signal })), idempotencyKey: crypto.randomUUID() }),
    enabled: file !== undefined && missing === undefined,
    ...ONCE,
  });
  const importing = useMutation({
    mutationFn: async ({ idempotencyKey }: { idempotencyKey: string }) => run({}, { idempotencyKey }),
    onSuccess: onImported,
  });

  async function choose(chosen: File | undefined) {
    if (!chosen) return;
    const read = await readCsvFile(chosen);
    setFile(read);
    setColumns(Object.fromEntries(read.columns.map((name) => [name, guess(name)])));
    importing.reset();
  }

  const { data: planned } = plan;
  return (
    <Dialog title="Import leads" busy={importing.isPending} onClose={onClose}>
      <label className="file">
        CSV file
        <input type="file" accept=".csv,.tsv,.txt,text/csv" onChange={({ target }) => void choose(target.files?.[0])} />
      </label>
      {file && (
        <fieldset>
          <legend>Columns</legend>
          {file.columns.map((name) => (
            <label key={name}>
              <span>{name}</span>
              <select
                value={columns[name] ?? ''}
                onChange={({ target }) => setColumns({ ...columns, [name]: (target.value || null) as keyof typeof FIELDS | null })}
              >
                <option value="">Leave it out</option>
                {Object.entries(FIELDS).map(([field, title]) => (
                  <option key={field} value={field}>
                    {title}
                  </option>
                ))}
              </select>
            </label>
          ))}
        </fieldset>
      )}
      <Problem
        error={importing.error ?? plan.failureReason}
        onLookAgain={() => {
          importing.reset();
          void plan.refetch();
        }}
      />
      {plan.isFetching && !plan.failureReason && <p className="soft">Looking…</p>}
      {missing && <p className="warning">Say which column is the {FIELDS[missing].toLowerCase()}.</p>}
      {planned && <Planned plan={planned} />}
      {file && (
        <Choice
          label="Bring in a lead although another one has its e-mail address"
          checked={allowDuplicateEmail}
          onChange={setDuplicates}
        />
      )}
      <footer>
        <button type="button" disabled={importing.isPending} onClick={onClose}>
          Cancel
        </button>
        {planned && (
          <button
            type="button"
            className="main"
            disabled={importing.isPending || plan.isFetching || planned.imported === 0}
            onClick={() => importing.mutate(planned)}
          >
            {importing.isPending ? 'Importing…' : `Import ${counted(planned.imported, 'lead')}`}
          </button>
        )}
      </footer>
    </Dialog>
  );
}

function Planned({ plan: { imported, skipped, failed, outcomes } }: { plan: LeadsImportResult }) {
  const away = outcomes.filter(({ outcome }) => outcome !== 'imported');
  return (
    <>
      <p role="status" className="sum">
        {counted(imported, 'lead')} will come in. {skipped > 0 && `${counted(skipped, 'lead')} there already. `}
        {failed > 0 && `${counted(failed, 'line')} refused.`}
      </p>
      {away.length > 0 && (
        <ul className="entries" aria-label="Lines that stay away">
          {away.slice(0, SHOWN).map((outcome) => (
            <li key={outcome.line}>
              <span className="soft">Line {outcome.line}</span>
              <span>{reasonOf(outcome)}</span>
            </li>
          ))}
          {away.length > SHOWN && <li>and {counted(away.length - SHOWN, 'line')} more</li>}
        </ul>
      )}
    </>
  );
}

const REASONS: Readonly<Record<NonNullable<ImportOutcome['code']>, string>> = {
  LEAD_EXISTS: 'The lead is there already.',
  EMAIL_EXISTS: 'Another lead has its e-mail address.',
  LEAD_ERASED: 'The lead was erased.',
  SUPPRESSED: 'The person was erased, and is kept away.',
  VALIDATION_ERROR: 'The line is wrong.',
  INVALID_JSON: 'The line cannot be read.',
  LEAD_TOO_LARGE: 'The lead is too large.',
};

function reasonOf({ code, issues }: ImportOutcome): string {
  return issues?.map(({ location, message }) => `${location.replace('lead.', '')}: ${message}`).join('; ') ?? REASONS[code!];
}

/** The field that a column is called after. */
function guess(name: string): keyof typeof FIELDS | null {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '');
  const fields = Object.keys(FIELDS) as (keyof typeof FIELDS)[];
  return fields.find((field) => plain(field) === plain(name)) ?? null;
}
