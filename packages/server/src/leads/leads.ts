import type { contract } from '@leads/contract';
import type { Deps } from '../deps.ts';
import type { Implementation } from '../http/implement.ts';
import { anonymizeLead } from './anonymize-lead.ts';
import { archiveLead } from './archive-lead.ts';
import { bulk } from './bulk.ts';
import { createLead } from './create-lead.ts';
import { deleteLead } from './delete-lead.ts';
import { exportLead, exportLeads } from './export-leads.ts';
import { getLead } from './get-lead.ts';
import { importLeads } from './import-leads.ts';
import { leadStats } from './lead-stats.ts';
import { listLeads } from './list-leads.ts';
import { previewDeletion } from './preview-deletion.ts';
import { unarchiveLead } from './unarchive-lead.ts';
import { updateLead } from './update-lead.ts';

/** The operations on leads, implemented. */
export function leads(deps: Deps): Implementation<typeof contract.leads> {
  return {
    create: createLead(deps),
    list: listLeads(),
    stats: leadStats(deps),
    export: exportLeads(deps),
    exportOne: exportLead(deps),
    import: importLeads(deps),
    ...bulk(deps),
    get: getLead(),
    update: updateLead(deps),
    delete: deleteLead(deps),
    deletionPreview: previewDeletion(deps),
    archive: archiveLead(deps),
    unarchive: unarchiveLead(deps),
    anonymize: anonymizeLead(deps),
  };
}
