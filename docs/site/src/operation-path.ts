/** The page of an operation, under the name that starlight-openapi makes of its id: `leads.delete` is `leadsdelete`. */
export function operationPath(operationId: string): string {
  return `/reference/operations/${operationId.replaceAll('.', '').toLowerCase()}/`;
}
