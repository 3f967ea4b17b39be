import type { contract } from '@leads/contract';
import type { Deps } from '../app.ts';
import type { Implementation } from '../http/implement.ts';
import { createLead } from './create-lead.ts';
import { deleteLead } from './delete-lead.ts';
import { getLead } from './get-lead.ts';
import { listLeads } from './list-leads.ts';
import { updateLead } from './update-lead.ts';

/** The operations on leads, implemented. */
export function leads(deps: Deps): Implementation<typeof contract.leads> {
  return {
    create: createLead(deps),
    list: listLeads(deps),
    get: getLead(deps),
    update: updateLead(deps),
    delete: deleteLead(deps),
  };
}
